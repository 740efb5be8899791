/**
 * Small pieces that the desk's pages share: the page with its keys, its head, the bar of keys at the foot, a days-left bar,
 * how sure. Rule kept: a colour never speaks alone; bars of one kind share one scale.
 */
import { Fragment, type ReactNode, useLayoutEffect, useRef } from 'react';
import { openPanel, useUi } from '../counter/ui-store.ts';
import { type FormKeys, useForm } from '../keys/form-stack.ts';
import type { KeyPress } from '../keys/key-map.ts';
import { Cap } from '../parts/pieces.tsx';
import { useWords, type Word } from '../words/words.ts';
import { toCounter } from './desk-store.ts';
import { openScanned } from './scanned.ts';

export type DeskKeys = FormKeys & {
  readonly slash?: () => void;
  /** `[` and `]`. */
  readonly step?: (by: -1 | 1) => void;
};

/** Which of the desk's own keys a press is. */
function deskKey(press: KeyPress, keys: DeskKeys): (() => void) | null {
  if (press.ctrl || press.alt || document.activeElement instanceof HTMLInputElement) return null;
  const { slash, step } = keys;
  if (slash !== undefined && (press.char === '/' || press.code === 'Slash' || press.code === 'NumpadDivide')) {
    return slash;
  }
  if (step !== undefined && press.code === 'BracketLeft') return () => step(-1);
  if (step !== undefined && press.code === 'BracketRight') return () => step(1);
  return null;
}

/** A page of the desk: it has the caret when it opens, so that its keys are heard. */
export function DeskPageFrame(props: {
  readonly keys: DeskKeys;
  readonly className?: string;
  readonly testId: string;
  readonly children: ReactNode;
}) {
  const { slash, step, ...form } = props.keys;
  useForm({
    scan: openScanned,
    ...form,
    takes: (press) =>
      form.takes?.(press) ?? deskKey(press, { ...form, ...(slash && { slash }), ...(step && { step }) }),
    same: { F12: toCounter, CtrlK: () => openPanel({ kind: 'palette' }), ...form.same },
  });
  const page = useRef<HTMLElement>(null);
  const notice = useUi((ui) => ui.notice);
  useLayoutEffect(() => {
    if (page.current?.contains(document.activeElement) === false) page.current.focus();
  }, []);
  return (
    <main
      ref={page}
      tabIndex={-1}
      className={props.className === undefined ? 'ow-page' : `ow-page ${props.className}`}
      data-form={form.name}
      data-testid={props.testId}
    >
      {props.children}
      {notice === null ? null : <p className={`ow-notice bm-notice-${notice.tone}`}>{notice.said()}</p>}
    </main>
  );
}

export const KeyHints = (props: { readonly hints: readonly (readonly [caps: string, word: Word])[] }) => {
  const { say } = useWords();
  return (
    <footer className="ow-keys">
      {props.hints.map(([caps, word]) => (
        <span key={caps} className="ow-hint">
          {caps.split('|').map((cap) => (
            <Fragment key={cap}>
              <Cap>{cap}</Cap>
            </Fragment>
          ))}
          {say(word)}
        </span>
      ))}
    </footer>
  );
};

/** More letters than a row has room for at 1366: they stand smaller, on two lines, so that the pack's size is never cut off. */
const longName = 29;
/** A pack's size is not parted from its unit: "500 g". */
const keepPack = (name: string): string => name.replace(/(\d) (\S+)$/, '$1\u00A0$2');
export const ItemName = ({ name }: { readonly name: string }) => (
  <span role="gridcell" className={name.length > longName ? 'ow-name ow-name-long' : 'ow-name'} title={name}>
    <span>{keepPack(name)}</span>
  </span>
);

/** Days left that the longest bar stands for: what is forecast. */
const scaleDays = 14;
export const isShort = (days: number): 'out' | 'low' | 'well' => (days < 2.5 ? 'out' : days < 5 ? 'low' : 'well');

/** Days left as a bar on one scale and as a number. */
export function DaysLeft({ days, text }: { readonly days: number | null; readonly text: string }) {
  const full = days === null ? scaleDays : Math.min(scaleDays, Math.max(0, days));
  const look = days === null ? 'well' : isShort(days);
  return (
    <span className={`ow-days ow-days-${look}`}>
      <svg className="ow-bar" viewBox="0 0 46 8" preserveAspectRatio="none" aria-hidden="true">
        <rect className="ow-bar-ground" width="46" height="8" rx="3" />
        <rect className="ow-bar-fill" width={Math.max(full === 0 ? 0 : 3, (46 * full) / scaleDays)} height="8" rx="3" />
      </svg>
      <b>{text}</b>
    </span>
  );
}

/** How sure, in a word and three steps. */
export function Sureness({ confidence }: { readonly confidence: number }) {
  const { say } = useWords();
  const steps = confidence >= 67 ? 3 : confidence >= 34 ? 2 : 1;
  const word = (['fcRough', 'fcFair', 'fcSure'] as const)[steps - 1] ?? 'fcRough';
  return (
    <span className="ow-sure" title={say('fcConfidence', { n: confidence })}>
      <svg width="20" height="14" viewBox="0 0 20 14" aria-hidden="true">
        {[0, 1, 2].map((step) => (
          <rect
            key={step}
            className={step < steps ? 'ow-sure-on' : 'ow-sure-off'}
            x={step * 7}
            y={9 - step * 4}
            width="5"
            height={5 + step * 4}
            rx="1"
          />
        ))}
      </svg>
      {say(word)}
    </span>
  );
}
