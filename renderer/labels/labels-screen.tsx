/**
 * Labels (F12 L): the list to print, the designer, the printer. Rule kept: going to the designer or the printer and
 * back loses no row; what was chosen last is there again after a reload of this window.
 */
import { useState } from 'react';
import type { LabelDesigns } from '#contract/till-label.ts';
import type { Language } from '#contract/views.ts';
import { goTo } from '../counter/ui-store.ts';
import { useAnswer } from '../link/use-answer.ts';
import { sessionStore } from '../state/session.ts';
import { DesignPage } from './design-page.tsx';
import { type LabelRows, noRows } from './label-rows.ts';
import { PrintPage } from './print-page.tsx';
import { PrinterPage } from './printer-page.tsx';

const keptName = 'billmitra.label';

export function LabelsScreen() {
  const [page, setPage] = useState<'print' | 'design' | 'printer'>('print');
  const [rows, setRows] = useState<LabelRows>(noRows);
  const [designId, setDesignId] = useState(() => localStorage.getItem(keptName) ?? 'item-50x25');
  const [language, setLanguage] = useState<Language>(() => sessionStore.get().shop?.receiptLanguage ?? 'en');
  const [changed, setChanged] = useState<LabelDesigns | null>(null);
  const answer = useAnswer('designs', (till) => till.label.designs());
  const designs = changed ?? (answer?.ok === true ? answer.value : null);
  const choose = (id: string): void => {
    localStorage.setItem(keptName, id);
    setDesignId(id);
  };
  const toPrint = (): void => setPage('print');
  if (designs === null) return <main className="bm-main" />;
  const design = designs.designs.find((one) => one.id === designId) ?? designs.designs[0];
  if (page === 'printer') return <PrinterPage designId={design?.id ?? 'item-50x25'} onBack={toPrint} />;
  if (page === 'design' && design !== undefined) {
    return (
      <DesignPage
        start={design}
        designs={designs}
        language={language}
        row={rows.rows[rows.at] ?? null}
        onDesigns={(next, id) => {
          setChanged(next);
          choose(id);
        }}
        onBack={toPrint}
      />
    );
  }
  return (
    <PrintPage
      designs={designs}
      designId={design?.id ?? ''}
      onDesign={choose}
      language={language}
      onLanguage={setLanguage}
      rows={rows}
      onRows={setRows}
      onEdit={() => setPage('design')}
      onPrinter={() => setPage('printer')}
      onBack={() => goTo('counter')}
    />
  );
}
