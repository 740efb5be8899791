/** F12 More, Ctrl K any command, F1 all keys of the state. Rule kept: key caps show the map in force; what
 * comes later stays in its place, dimmed. */
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { actionWords } from '../keys/action-words.ts';
import { actionFor, type KeyName, keyNames, type KeyState } from '../keys/key-map.ts';
import { capOf } from '../keys/keys-in-force.ts';
import { Cap, Dialog, Field, PlainCap } from '../parts/pieces.tsx';
import { useWords, type Word } from '../words/words.ts';
import { refuse } from './chosen-line.ts';
import { useMenuEntries } from './menu-entries.ts';
import { closePanel } from './ui-store.ts';

export function MoreMenu() {
  const { say } = useWords();
  const entries = useMenuEntries().filter((entry) => entry.isListed);
  const letters = Object.fromEntries(
    entries.filter((entry) => /^[A-Z]$/.test(entry.cap)).map((entry) => [entry.cap, entry.run]),
  );
  return (
    <Dialog
      title={say('moreTitle')}
      keys={{
        name: 'more',
        back: closePanel,
        letters,
        same: { F12: closePanel },
        choose: (digit) => entries.find((entry) => entry.cap === String(digit))?.run(),
      }}
    >
      <div className="bm-menu">
        {entries.map((entry) => (
          <UnstyledButton
            key={entry.cap}
            className={entry.isLater === true ? 'bm-menu-one bm-keybar-off' : 'bm-menu-one'}
            onClick={entry.run}
          >
            <Cap isLarge>{entry.cap}</Cap>
            {say(entry.word)}
          </UnstyledButton>
        ))}
      </div>
    </Dialog>
  );
}

export function Palette() {
  const { say } = useWords();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const typed = text.trim().toLowerCase();
  const entries = useMenuEntries().filter((entry) => say(entry.word).toLowerCase().includes(typed));
  const run = (): void => {
    const entry = entries[at];
    if (entry === undefined) refuse('paletteNone');
    else entry.run();
  };
  return (
    <Dialog
      title={say('paletteTitle')}
      keys={{
        name: 'palette',
        back: closePanel,
        enter: run,
        move: (key) => setAt((now) => Math.max(0, Math.min(entries.length - 1, now + (key === 'Up' ? -1 : 1)))),
      }}
    >
      <Field
        label={say('paletteField')}
        value={text}
        onText={(next) => {
          setText(next);
          setAt(0);
        }}
        isDefault
        testId="palette"
      />
      <div className="bm-palette" role="listbox" aria-label={say('paletteTitle')}>
        {entries.slice(0, 9).map((entry, i) => (
          <UnstyledButton
            key={entry.cap + entry.word}
            role="option"
            aria-selected={i === at}
            className={i === at ? 'bm-menu-one bm-menu-chosen' : 'bm-menu-one'}
            onClick={entry.run}
          >
            {say(entry.word)}
            <span className="bm-push">
              <Cap>{entry.cap}</Cap>
            </span>
          </UnstyledButton>
        ))}
        {entries.length === 0 ? <p>{say('paletteNone')}</p> : null}
      </div>
    </Dialog>
  );
}

const stateWords: Readonly<Record<KeyState, Word>> = {
  empty: 'stateEmpty',
  cart: 'stateCart',
  text: 'stateText',
  pay: 'statePay',
  form: 'stateForm',
  locked: 'stateLocked',
};
/** What a pair of keys is shown as. */
const twinCaps: Readonly<Partial<Record<KeyName, string>>> = { Up: '↑ ↓', Plus: '+ −' };
/** Shown together with their twin. */
const twins: ReadonlySet<KeyName> = new Set(['Down', 'PageUp', 'PageDown', 'Home', 'End', 'Minus']);

export function KeysHelp({ state }: { readonly state: KeyState }) {
  const { say } = useWords();
  return (
    <Dialog
      title={say('keysTitle', { state: say(stateWords[state]) })}
      help={say('closesOnKey')}
      size="large"
      keys={{ name: 'keys' }}
    >
      <div className="bm-keys">
        {keyNames
          .filter((key) => !twins.has(key))
          .map((key) => {
            const action = actionFor(key, state);
            const word = action === null ? undefined : actionWords[action];
            return word === undefined ? null : (
              <span key={key} className="bm-menu-one">
                <PlainCap>{twinCaps[key] ?? capOf(key)}</PlainCap>
                {say(word)}
              </span>
            );
          })}
      </div>
    </Dialog>
  );
}
