/** Matching the file's columns to an item's fields, with five rows of the file beside. Rule kept: a guess is
 * marked as one and can be changed; a column may be left out. */
import { useState } from 'react';
import type { ImportDraft, ImportField } from '#contract/import-views.ts';
import { type Unit, units } from '#core/quantity.ts';
import { useTaxChoices } from '../counter/tax-choices.ts';
import { useForm } from '../keys/form-stack.ts';
import { Choose } from '../parts/choose.tsx';
import { ActionButton } from '../parts/pieces.tsx';
import { Checkbox } from '../setup/checkbox.tsx';
import { unitWord } from '../words/formats.ts';
import { useWords } from '../words/words.ts';
import { fieldWords, importFields } from './import-words.ts';

export type Mapped = {
  readonly mapping: Record<string, string>;
  readonly unit: Unit;
  readonly isInclusive: boolean;
  readonly taxClassKey: string;
};

export function ImportColumns({
  draft,
  onCheck,
  onBack,
}: {
  readonly draft: ImportDraft;
  readonly onCheck: (mapped: Mapped) => void;
  readonly onBack: () => void;
}) {
  const { say } = useWords();
  const [mapping, setMapping] = useState<Readonly<Partial<Record<ImportField, string>>>>(draft.guess);
  const [unit, setUnit] = useState<Unit>('pc');
  const [isInclusive, setIsInclusive] = useState(true);
  const [taxClassKey, setTaxClassKey] = useState('');
  const taxChoices = useTaxChoices();
  const done = (): void => {
    const named = Object.entries(mapping).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    );
    onCheck({ mapping: Object.fromEntries(named), unit, isInclusive, taxClassKey });
  };
  useForm({ name: 'importColumns', back: onBack, accept: done });
  return (
    <section className="bm-card bm-import-body" data-testid="import-columns">
      <h2>{say('importColumns')}</h2>
      <p className="bm-dialog-help">{say('importColumnsHelp', { rows: draft.rows, name: draft.fileName })}</p>
      <div className="bm-import-grid">
        {importFields.map((field) => {
          const column = mapping[field] ?? '';
          const index = draft.columns.indexOf(column);
          return (
            <div key={field} className="bm-import-row">
              <Choose
                label={`${say(fieldWords[field])}${column !== '' && draft.guess[field] === column ? ` (${say('importGuess')})` : ''}`}
                value={column}
                options={[
                  { value: '', text: `– ${say('importLeaveOut')}` },
                  ...draft.columns.map((name) => ({ value: name, text: name })),
                ]}
                onChoose={(name) => setMapping({ ...mapping, [field]: name })}
              />
              <small className="bm-import-sample">
                {index < 0
                  ? ''
                  : draft.sample
                      .slice(0, 5)
                      .map((row) => row[index] ?? '')
                      .join(' · ')}
              </small>
            </div>
          );
        })}
      </div>
      <div className="bm-two">
        <Choose
          label={say('importDefaultUnit')}
          value={unit}
          options={(Object.keys(units) as Unit[]).map((value) => ({ value, text: unitWord(value, say) }))}
          onChoose={setUnit}
        />
        <Choose label={say('importDefaultTax')} value={taxClassKey} options={taxChoices} onChoose={setTaxClassKey} />
      </div>
      <Checkbox label={say('importInclusive')} isChecked={isInclusive} onCheck={setIsInclusive} />
      <div className="bm-pane-actions">
        <ActionButton look="main" cap="Ctrl A" onPress={done} testId="import-check">
          {say('importCheck')}
        </ActionButton>
      </div>
    </section>
  );
}
