/** The GST rates a person may choose for goods without an HSN, as the till lists them. Rule kept: the first
 * choice is the shop's usual rate; a rate is never guessed here. */
import { useEffect, useState } from 'react';
import type { RateRow } from '#core/gst/rates.ts';
import { ask } from '../link/till-link.ts';
import { useWords, type Word } from '../words/words.ts';

/** Treatments with a name of their own; a taxed class is called by its rate, alike in both languages. */
const plainWords: Readonly<Partial<Record<RateRow['rate']['treatment'], Word>>> = {
  nilRated: 'taxNil',
  exempt: 'taxExempt',
  nonGst: 'taxOutside',
};

export type TaxChoice = { readonly value: string; readonly text: string };

export function useTaxChoices(): readonly TaxChoice[] {
  const { say } = useWords();
  const [rows, setRows] = useState<readonly RateRow[]>([]);
  useEffect(() => {
    void ask((till) => till.item.taxClasses({ hsn: null })).then((answer) => {
      if (answer.ok) setRows(answer.value);
    });
  }, []);
  const textOf = ({ rate, description }: RateRow): string => {
    const word = plainWords[rate.treatment];
    return word === undefined ? description : say(word);
  };
  return [{ value: '', text: say('taxDefault') }, ...rows.map((row) => ({ value: row.classKey, text: textOf(row) }))];
}
