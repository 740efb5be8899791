/**
 * Settings › Keys (screens.md §4.1): presets, and each command's key. Rule kept: a change holds at once and is kept
 * by the till; a key that can't be had is refused with the reason, and nothing changes.
 */
import { UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { KeyPreset, KeysView } from '#contract/till-keys.ts';
import { errorText } from '../counter/till-calls.ts';
import { goTo } from '../counter/ui-store.ts';
import { KeyBar } from '../counter/key-bar.tsx';
import { actionWords } from '../keys/action-words.ts';
import {
  type ChordRefusal,
  type CommandKey,
  commandKeys,
  giveBackKey,
  giveKey,
  type KeyChoice,
  usualChord,
} from '../keys/chords.ts';
import { type MoveKey, useForm } from '../keys/form-stack.ts';
import { type ActionId, type KeyPress, keyStates, keyTable } from '../keys/key-map.ts';
import { keysStore } from '../keys/keys-in-force.ts';
import { ask } from '../link/till-link.ts';
import { Icon } from '../parts/icons.tsx';
import { Cap, PlainCap } from '../parts/pieces.tsx';
import { play } from '../sound/sounds.ts';
import { adoptShop } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { type Say, useWords, type Word } from '../words/words.ts';

/** What a key is for, by its first meaning; keys of later features have none yet. */
function wordOf(key: CommandKey): Word | undefined {
  const actions = keyStates
    .map((state) => keyTable[key][state])
    .filter((action): action is ActionId => action !== null);
  return actions.map((action) => actionWords[action]).find((word) => word !== undefined);
}
const rows = commandKeys.filter((key) => wordOf(key) !== undefined);
const nameOf = (key: CommandKey, say: Say): string => {
  const word = wordOf(key);
  return word === undefined ? key : say(word);
};

const refusalWords = {
  ground: 'keysIsGround',
  system: 'keysSystem',
  browser: 'keysBrowser',
  scanner: 'keysScanner',
  clipboard: 'keysClipboard',
  letterOnly: 'keysLetterOnly',
  noLetter: 'keysNoLetter',
} as const satisfies Record<Exclude<ChordRefusal['why'], 'taken'>, Word>;

/** As its cap would say it, for a refusal. */
const pressedCap = (press: KeyPress): string =>
  `${press.ctrl ? 'Ctrl ' : ''}${press.code.replace(/^(Key|Digit|Numpad)/, '').replace('Delete', 'Del')}`;

const presets = [
  ['billmitra', 'keysPreset1', 'keysPreset1Help'],
  ['tally', 'keysPreset2', 'keysPreset2Help'],
  ['own', 'keysPreset3', 'keysPreset3Help'],
] as const satisfies readonly (readonly [KeyPreset, Word, Word])[];

type Notice = { readonly tone: 'good' | 'bad' | 'quiet'; readonly text: string };

/** Kept by the till and in force here; null, or why it wasn't. */
async function save(keys: KeysView): Promise<string | null> {
  const answer = await ask((till) => till.shop.setKeys({ preset: keys.preset, own: { ...keys.own } }));
  if (!answer.ok) return errorText(answer.error);
  adoptShop(answer.value);
  return null;
}

export function KeysScreen() {
  const { say } = useWords();
  const { keys, choice } = useStore(keysStore, (inForce) => inForce);
  const [at, setAt] = useState(0);
  const [isAsking, setAsking] = useState(false);
  const [notice, setNotice] = useState<Notice | null>(null);
  const chosen = rows[at] ?? 'F1';
  const quiet: Notice = isAsking
    ? { tone: 'quiet', text: say('keysPressFor', { command: nameOf(chosen, say) }) }
    : { tone: 'quiet', text: say('keysSetHelp') };

  const refuse = (refusal: ChordRefusal, cap: string): void => {
    play('refused');
    const text =
      refusal.why === 'taken'
        ? say('keysTaken', { cap, command: nameOf(refusal.by, say) })
        : say(refusalWords[refusal.why], { cap });
    setNotice({ tone: 'bad', text });
  };
  const keep = async (next: KeysView, done: string): Promise<void> => {
    setAsking(false);
    const refused = await save(next);
    if (refused !== null) play('refused');
    setNotice(refused === null ? { tone: 'good', text: done } : { tone: 'bad', text: refused });
  };
  const keepOwn = (own: KeyChoice): void =>
    void keep({ preset: 'own', own }, say('keysDone', { command: nameOf(chosen, say), cap: own[chosen] }));
  const choose = (preset: KeyPreset, word: Word): void =>
    void keep({ preset, own: keys.own }, say('keysPresetDone', { preset: say(word) }));
  const begin = (row: number): void => {
    setAt(row);
    setNotice(null);
    setAsking(true);
  };
  const take = (press: KeyPress): boolean => {
    if (press.code === 'Escape') {
      setAsking(false);
      setNotice(null);
      return true;
    }
    const given = giveKey(choice, chosen, press);
    if ('why' in given) refuse(given, pressedCap(press));
    else keepOwn(given);
    return true;
  };
  const giveBack = (): void => {
    const given = giveBackKey(choice, chosen);
    if ('why' in given) refuse(given, usualChord(chosen));
    else keepOwn(given);
  };
  const move = (key: MoveKey): void => {
    const end = rows.length - 1;
    const to = { Up: at - 1, Down: at + 1, PageUp: 0, PageDown: end, Home: 0, End: end }[key];
    setNotice(null);
    setAt(Math.max(0, Math.min(end, to)));
  };
  useForm({
    name: 'keys-set',
    back: () => goTo('counter'),
    enter: () => begin(at),
    del: giveBack,
    move,
    choose: (digit) => {
      const preset = presets[digit - 1];
      if (preset !== undefined) choose(preset[0], preset[1]);
    },
    hears: isAsking ? take : undefined,
  });
  const said = notice ?? quiet;
  return (
    <>
      <main className="bm-keys-set" data-testid="keys-screen" data-form="keys-set" tabIndex={-1}>
        <div className="bm-card bm-keys-presets" role="radiogroup" aria-label={say('keysPresets')}>
          <h1>{say('keysSet')}</h1>
          {presets.map(([preset, word, help], i) => (
            <UnstyledButton
              key={preset}
              role="radio"
              aria-checked={keys.preset === preset}
              className="bm-keys-preset"
              data-testid={`preset-${preset}`}
              onClick={() => choose(preset, word)}
            >
              <Cap isLarge>{i + 1}</Cap>
              <b>{say(word)}</b>
              <small>{say(help)}</small>
            </UnstyledButton>
          ))}
          <p className="bm-remark">
            <Icon name="info" size={18} />
            {say('keysGround')}
          </p>
        </div>
        <section className="bm-card bm-keys-list">
          <p
            className={said.tone === 'quiet' ? 'bm-hint' : `bm-${said.tone}-text`}
            role="status"
            data-testid="keys-notice"
          >
            {said.text}
          </p>
          <div className="bm-keys-rows" role="listbox" aria-label={say('keysSet')}>
            {rows.map((key, i) => (
              <UnstyledButton
                key={key}
                role="option"
                tabIndex={-1}
                aria-selected={i === at}
                className={isUsual(key, choice) ? 'bm-keys-row' : 'bm-keys-row bm-keys-row-changed'}
                data-testid={`key-${key}`}
                onClick={() => begin(i)}
              >
                <span>{nameOf(key, say)}</span>
                {isAsking && i === at ? <em>{say('keysPress')}</em> : <PlainCap>{choice[key]}</PlainCap>}
              </UnstyledButton>
            ))}
          </div>
        </section>
      </main>
      <KeyBar
        state="form"
        groups={[
          {
            title: 'groupForm',
            hints: [
              { key: 'Enter', cap: 'Enter', word: 'keysChange' },
              { key: 'Delete', cap: 'Del', word: 'keysUsual' },
              { key: 'Escape', cap: 'Esc', word: 'keysBack' },
            ],
          },
        ]}
      />
    </>
  );
}

/** Whether a command has the key it came with. */
const isUsual = (key: CommandKey, choice: KeyChoice): boolean => choice[key] === usualChord(key);
