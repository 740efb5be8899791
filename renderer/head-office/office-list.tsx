/**
 * The list that most of head office's pages are: a search field above, a table whose rows are chosen by click or key, its
 * keys below. Rule kept: what is chosen belongs to the page (use-rows.ts moves it); a table scrolls within its card.
 */
import type { ReactNode } from 'react';
import { ListKeys } from './office-pieces.tsx';
import { type OfficeWord, useOffice } from './office-words.ts';

export function SearchField(props: {
  /** `/` goes to it (use-rows.ts). */
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly testId?: string;
}) {
  return (
    <span className="ho-search">
      <label htmlFor={props.id} className="bm-hidden">
        {props.label}
      </label>
      <input
        id={props.id}
        className="bm-input"
        value={props.value}
        placeholder={props.label}
        onChange={(event) => props.onText(event.currentTarget.value)}
        data-testid={props.testId}
      />
    </span>
  );
}

export type Column = { readonly word: OfficeWord; readonly isNumber?: true };

export function OfficeTable(props: {
  readonly label: string;
  readonly testId: string;
  readonly columns: readonly Column[];
  /** Long names go on in a second line. */
  readonly isWrapped?: true;
  /** Rows. */
  readonly children: ReactNode;
  /** Below the rows: that there are none, or how to see more. */
  readonly below?: ReactNode;
  readonly keys: { readonly row: string; readonly enter: string | null; readonly find: string | null };
}) {
  const { say } = useOffice();
  return (
    <div className="ho-card ho-fill">
      <div className="ho-table-box" tabIndex={0} role="region" aria-label={props.label}>
        <table className={props.isWrapped ? 'ho-table ho-wrap' : 'ho-table'} data-testid={props.testId}>
          <thead>
            <tr>
              {props.columns.map(({ word, isNumber }) => (
                <th key={word} scope="col" className={isNumber ? 'ho-num' : undefined}>
                  {say(word)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{props.children}</tbody>
        </table>
        {props.below}
      </div>
      <ListKeys {...props.keys} />
    </div>
  );
}

export function PickRow(props: {
  readonly id: string;
  readonly isChosen: boolean;
  readonly onChoose: (id: string) => void;
  readonly testId?: string;
  readonly children: ReactNode;
}) {
  return (
    <tr
      data-row={props.id}
      data-testid={props.testId}
      className="ho-row"
      aria-selected={props.isChosen}
      onClick={() => props.onChoose(props.id)}
    >
      {props.children}
    </tr>
  );
}
