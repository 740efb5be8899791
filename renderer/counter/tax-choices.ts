/** The GST rates a person may choose for goods without an HSN, as the till lists them. Rule kept: the first
 * choice is the shop's usual rate; a rate is never guessed here. */
import { useEffect, useState } from 'react';
import { ask } from '../link/till-link.ts';
import { useWords } from '../words/words.ts';

export type TaxChoice = { readonly value: string; readonly text: string };

export function useTaxChoices(): readonly TaxChoice[] {
  const { say } = useWords();
  const [rows, setRows] = useState<readonly TaxChoice[]>([]);
  useEffect(() => {
    void ask((till) => till.item.taxClasses({ hsn: null })).then((answer) => {
      if (answer.ok) setRows(answer.value.map((row) => ({ value: row.classKey, text: row.description })));
    });
  }, []);
  return [{ value: '', text: say('taxDefault') }, ...rows];
}
