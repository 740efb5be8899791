/**
 * Importing items (screens.md §5.21): choose a file, match the columns, see the result before anything is
 * written. Rule kept: nothing is written before "Add … now"; cancel leaves nothing; a refused row is shown
 * with its reason, can be mended, or saved as a file.
 */
import { useEffect, useRef, useState } from 'react';
import type { ImportDone, ImportDraft, ImportProgress, ImportReport } from '#contract/import-views.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { errorText } from '../counter/till-calls.ts';
import { goTo } from '../counter/ui-store.ts';
import { useForm } from '../keys/form-stack.ts';
import { ask, follow } from '../link/till-link.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton, Cap } from '../parts/pieces.tsx';
import { useWords } from '../words/words.ts';
import { ImportColumns, type Mapped } from './import-columns.tsx';
import { ImportResult } from './import-result.tsx';

type At =
  | { readonly step: 'choose' }
  | { readonly step: 'reading'; readonly name: string }
  | { readonly step: 'columns'; readonly draft: ImportDraft }
  | { readonly step: 'result'; readonly draft: ImportDraft; readonly report: ImportReport }
  | { readonly step: 'writing'; readonly draft: ImportDraft }
  | { readonly step: 'done'; readonly done: ImportDone };

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(i, i + 0x8000)));
  return btoa(parts.join(''));
}

export function ImportScreen({ onDone }: { readonly onDone?: () => void }) {
  const { say } = useWords();
  const [at, setAt] = useState<At>({ step: 'choose' });
  const [error, setError] = useState('');
  const [mapped, setMapped] = useState<Mapped | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [progress, setProgress] = useState<ImportProgress | null>(null);
  const leave = onDone ?? ((): void => goTo('counter'));
  const draft = 'draft' in at ? at.draft : null;
  const importId = draft?.importId ?? null;
  useEffect(() => {
    if (importId === null) return;
    return follow((till) => till.import.feed({ importId }), setProgress).stop;
  }, [importId]);

  const read = async (file: File): Promise<void> => {
    setError('');
    setAt({ step: 'reading', name: file.name });
    const base64 = await base64Of(file);
    const answer = await ask((till) => till.import.read({ fileName: file.name, base64 }));
    if (answer.ok) return setAt({ step: 'columns', draft: answer.value });
    setError(errorText(answer.error));
    setAt({ step: 'choose' });
  };
  const check = async (mapped: Mapped, byCategory: Readonly<Record<string, string>> = {}): Promise<void> => {
    if (draft === null) return;
    setMapped(mapped);
    const answer = await ask((till) =>
      till.import.check({
        importId: draft.importId,
        mapping: mapped.mapping,
        defaults: {
          unit: mapped.unit,
          isInclusive: mapped.isInclusive,
          taxClassKey: mapped.taxClassKey === '' ? null : mapped.taxClassKey,
          taxClassByCategory: byCategory,
        },
      }),
    );
    setError(answer.ok ? '' : errorText(answer.error));
    if (answer.ok) setAt({ step: 'result', draft, report: answer.value });
  };
  const cancel = async (): Promise<void> => {
    if (importId !== null) await ask((till) => till.import.cancel({ importId }));
    leave();
  };
  const accept = async (): Promise<void> => {
    if (draft === null) return;
    setAt({ step: 'writing', draft });
    const answer = await ask((till) => till.import.accept({ importId: draft.importId }));
    if (answer.ok) return setAt({ step: 'done', done: answer.value });
    setError(errorText(answer.error));
    setAt({ step: 'choose' });
  };
  useForm({
    name: onDone === undefined ? 'import' : 'setup',
    back: () => void cancel(),
    accept: () => {
      if (at.step === 'result') void accept();
      if (at.step === 'done') leave();
    },
    enter: () => {
      if (at.step === 'done') leave();
      if (at.step === 'choose') picker.current?.click();
    },
  });
  return (
    <>
      <main className="bm-import" data-form="import" data-testid="import-screen">
        <div className="bm-card bm-close-head">
          <h1>{say('importTitle')}</h1>
          <span className="bm-field-error" role="alert">
            {error}
          </span>
        </div>
        {at.step === 'choose' ? (
          <section className="bm-card bm-import-choose">
            <Icon name="upload" size={40} />
            <label className="bm-button bm-button-main" htmlFor="bm-file">
              {say('importChoose')} <Cap>Enter</Cap>
            </label>
            <input
              ref={picker}
              id="bm-file"
              className="bm-hidden"
              type="file"
              accept=".csv,.xlsx,.tsv,.txt"
              data-testid="import-file"
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                if (file !== undefined) void read(file);
              }}
            />
            <p className="bm-dialog-help">{say('importChooseHelp')}</p>
          </section>
        ) : at.step === 'reading' ? (
          <section className="bm-card bm-import-choose">{say('importReading', { name: at.name })}</section>
        ) : at.step === 'columns' ? (
          <ImportColumns draft={at.draft} onCheck={(mapped) => void check(mapped)} onBack={() => void cancel()} />
        ) : at.step === 'result' ? (
          <ImportResult
            report={at.report}
            onReport={(report) => setAt({ ...at, report })}
            onCategories={(byCategory) => {
              if (mapped !== null) void check(mapped, byCategory);
            }}
            onAccept={() => void accept()}
            onNothing={() => void cancel()}
          />
        ) : at.step === 'writing' ? (
          <section className="bm-card bm-import-choose" role="status">
            {say('importProgress', { done: progress?.done ?? 0, total: progress?.total ?? at.draft.rows })}
          </section>
        ) : (
          <section className="bm-card bm-import-choose" data-testid="import-done">
            <span className="bm-good-text">
              <Icon name="checkRound" size={40} />
            </span>
            <b>{say('importDone', { count: at.done.added, seconds: at.done.seconds.toFixed(1) })}</b>
            <ActionButton look="main" cap="Enter" onPress={leave}>
              {say('suNext')}
            </ActionButton>
          </section>
        )}
      </main>
      {onDone === undefined ? (
        <KeyBar
          state="form"
          groups={[
            {
              title: 'groupForm',
              hints: [
                { key: 'CtrlA', cap: 'Ctrl A', word: 'kAccept' },
                { key: 'Escape', cap: 'Esc', word: 'kBack' },
              ],
            },
          ]}
        />
      ) : null}
    </>
  );
}
