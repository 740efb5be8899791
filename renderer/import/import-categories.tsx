/** GST rates for the categories of a file whose rows have none. Rule kept: a rate is chosen by a person, never
 * guessed; each choice checks the rows again, and nothing is written yet. */
import { useState } from 'react';
import type { ImportReport } from '#contract/import-views.ts';
import { useTaxChoices } from '../counter/tax-choices.ts';
import { Choose } from '../parts/choose.tsx';

import { useWords } from '../words/words.ts';

const shownCategories = 12;

export function ImportCategories(props: {
  readonly untaxed: ImportReport['untaxedCategories'];
  readonly onCategories: (classByCategory: Readonly<Record<string, string>>) => void;
}) {
  const { untaxed, onCategories } = props;
  const { say } = useWords();
  const choices = useTaxChoices();
  // What was asked at first stays in its place while rates are given one by one.
  const [asked] = useState(() => untaxed.slice(0, shownCategories));
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  if (asked.length === 0) return null;
  const choose = (category: string, classKey: string): void => {
    const next = Object.fromEntries(
      Object.entries({ ...chosen, [category]: classKey }).filter(([, value]) => value !== ''),
    );
    setChosen(next);
    onCategories(next);
  };
  return (
    <div data-testid="import-categories">
      <h3 className="bm-field">{say('importByCategory')}</h3>
      <div className="bm-import-grid">
        {asked.map(({ category, rows }) => (
          <Choose
            key={category}
            label={`${category === '' ? say('none') : category} (${rows})`}
            value={chosen[category] ?? ''}
            options={choices}
            onChoose={(classKey) => choose(category, classKey)}
          />
        ))}
      </div>
    </div>
  );
}
