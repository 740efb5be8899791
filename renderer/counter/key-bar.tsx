/**
 * The one bar of key hints. Rule kept: it shows the map in force; a key that means nothing now is dimmed,
 * never removed, so places stay. A hint is also a button that does the same as its key.
 */
import { UnstyledButton } from '@mantine/core';
import { Fragment } from 'react';
import { actionFor, type ActionId, type KeyName, type KeyState } from '../keys/key-map.ts';
import { Cap } from '../parts/pieces.tsx';
import { useWords, type Word } from '../words/words.ts';
import { actions } from './actions.ts';
import { useHeader } from './cart-store.ts';

export type Hint = { readonly key: KeyName; readonly cap: string; readonly word: Word };
export type HintGroup = { readonly title?: Word | undefined; readonly hints: readonly Hint[] };
const hint = (key: KeyName, word: Word, cap: string = key): Hint => ({ key, cap, word });

const counterHints: readonly HintGroup[] = [
  {
    title: 'groupLine',
    hints: [hint('F2', 'kQuantity'), hint('F3', 'kDiscount'), hint('F4', 'kPrice'), hint('Delete', 'kRemove', 'Del')],
  },
  {
    hints: [hint('F5', 'kHold'), hint('F6', 'kRecall'), hint('F7', 'kCustomer'), hint('F8', 'kReturn')],
  },
  {
    hints: [hint('F10', 'kLoose'), hint('F11', 'kNotInShop'), hint('F12', 'kMore'), hint('F1', 'kAllKeys')],
  },
];
const payHints: readonly HintGroup[] = [
  { title: 'groupPaying', hints: [] },
  {
    hints: [hint('Escape', 'kBackToItems', 'Esc'), hint('Delete', 'kTakeBack', 'Del'), hint('F7', 'kCustomer')],
  },
  { hints: [hint('F1', 'kAllKeys')] },
];

const formOnly: ReadonlySet<ActionId> = new Set(['countAgain', 'clearField', 'clearText']);

export function KeyBar({ state, groups }: { readonly state: KeyState; readonly groups?: readonly HintGroup[] }) {
  const { say } = useWords();
  const heldCount = useHeader((header) => header.heldCount, 0);
  const shown = groups ?? (state === 'pay' ? payHints : counterHints);
  return (
    <footer className="bm-keybar" data-testid="keybar">
      {shown.map((group, i) => (
        <Fragment key={group.hints[0]?.key ?? group.title}>
          {i === 0 ? null : <span className="bm-keybar-rule" />}
          {group.title === undefined ? null : <b>{say(group.title)}</b>}
          {group.hints.map((one) => {
            const found = actionFor(one.key, state);
            // In a form these keys act on the form; their place here stays, dimmed.
            const action = groups === undefined && found !== null && formOnly.has(found) ? null : found;
            return (
              <UnstyledButton
                key={one.key}
                className={action === null ? 'bm-keybar-key bm-keybar-off' : 'bm-keybar-key'}
                tabIndex={-1}
                aria-disabled={action === null}
                onClick={() => {
                  if (action !== null) actions[action](one.key);
                }}
              >
                <Cap>{one.cap}</Cap>
                {say(one.word)}
                {one.key === 'F6' && heldCount > 0 ? <span className="bm-count">{heldCount}</span> : null}
              </UnstyledButton>
            );
          })}
        </Fragment>
      ))}
    </footer>
  );
}
