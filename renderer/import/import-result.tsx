/** What an import would do, before it does it: how many can be added, which rows not and why. Rule kept: two
 * buttons, "Add … now" and "Add nothing"; a refused row is mended in place or saved as a file. */
import { useState } from 'react';
import type { ImportRefusal, ImportReport, RefusedRow } from '#contract/import-views.ts';
import { errorText } from '../counter/till-calls.ts';
import { ask } from '../link/till-link.ts';
import { ActionButton } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { ImportCategories } from './import-categories.tsx';
import { refusalWord } from './import-words.ts';
import { saveFile } from '../parts/save-file.ts';

const grouped = new Intl.NumberFormat('en-IN');

const saveCsv = (name: string, base64: string): void =>
  saveFile(
    name,
    Uint8Array.from(atob(base64), (char) => char.codePointAt(0) ?? 0),
    'text/csv',
  );

function Refused({ row, onMend }: { readonly row: RefusedRow; readonly onMend: (value: string) => void }) {
  const { say } = useWords();
  const [text, setText] = useState(row.value);
  return (
    <div className="bm-refused" data-testid="refused-row">
      <span>{say('importRow', { row: row.rowNo })}</span>
      <span>{row.name}</span>
      <span className="bm-under-bad">{say(refusalWord(row.reason))}</span>
      {row.field === null ? (
        <span>{row.value}</span>
      ) : (
        <input
          className="bm-input"
          aria-label={say('importMend')}
          value={text}
          maxLength={300}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      {row.field === null ? <span /> : <ActionButton onPress={() => onMend(text)}>{say('importMend')}</ActionButton>}
    </div>
  );
}

export function ImportResult(props: {
  readonly report: ImportReport;
  readonly onReport: (report: ImportReport) => void;
  readonly onCategories: (classByCategory: Readonly<Record<string, string>>) => void;
  readonly onAccept: () => void;
  readonly onNothing: () => void;
}) {
  const { report, onReport, onCategories, onAccept, onNothing } = props;
  const { say } = useWords();
  const [only, setOnly] = useState<ImportRefusal | null>(null);
  const [error, setError] = useState('');
  const groups = Object.entries(report.refused) as [ImportRefusal, number][];
  const refused = groups.reduce((sum, [, count]) => sum + count, 0);
  const mend = async (row: RefusedRow, value: string): Promise<void> => {
    const { field } = row;
    if (field === null) return;
    const answer = await ask((till) => till.import.mend({ importId: report.importId, rowNo: row.rowNo, field, value }));
    setError(answer.ok ? '' : errorText(answer.error));
    if (answer.ok) onReport(answer.value);
  };
  const save = async (): Promise<void> => {
    const answer = await ask((till) => till.import.refusedFile({ importId: report.importId }));
    setError(answer.ok ? '' : errorText(answer.error));
    if (answer.ok) saveCsv(answer.value.fileName, answer.value.base64);
  };
  const { noHsn, noTaxClass, noBarcode } = report.flagged;
  return (
    <section className="bm-card bm-import-body" data-testid="import-result">
      <h2>{say('importResult', { added: grouped.format(report.addable), refused: grouped.format(refused) })}</h2>
      <p className="bm-dialog-help">
        {[
          noHsn > 0 ? say('importNoHsn', { count: grouped.format(noHsn) }) : '',
          noTaxClass > 0 ? say('importNoTax', { count: grouped.format(noTaxClass) }) : '',
          noBarcode > 0 ? say('importNoBarcode', { count: grouped.format(noBarcode) }) : '',
        ]
          .filter((text) => text !== '')
          .join(' · ')}
      </p>
      <div className="bm-field-error" role="alert">
        {error}
      </div>
      <ImportCategories untaxed={report.untaxedCategories} onCategories={onCategories} />
      {refused === 0 ? null : (
        <>
          <div className="bm-numbered">
            {groups.map(([reason, count]) => (
              <button
                key={reason}
                type="button"
                className="bm-numbered-one"
                aria-pressed={only === reason}
                onClick={() => setOnly(only === reason ? null : reason)}
              >
                {say(refusalWord(reason))} <b>{grouped.format(count)}</b>
              </button>
            ))}
          </div>
          <div className="bm-refused-list">
            {report.refusedRows
              .filter((row) => only === null || row.reason === only)
              .slice(0, 100)
              .map((row) => (
                <Refused
                  key={`${row.rowNo}-${row.reason}-${row.value}`}
                  row={row}
                  onMend={(value) => void mend(row, value)}
                />
              ))}
          </div>
        </>
      )}
      <div className="bm-pane-actions">
        <ActionButton look="main" cap="Ctrl A" onPress={onAccept} isDisabled={report.addable === 0} testId="import-add">
          {say('importAdd', { count: grouped.format(report.addable) })}
        </ActionButton>
        <ActionButton cap="Esc" onPress={onNothing} testId="import-nothing">
          {say('importNothing')}
        </ActionButton>
        {refused === 0 ? null : <ActionButton onPress={() => void save()}>{say('importSaveRefused')}</ActionButton>}
      </div>
    </section>
  );
}
