/**
 * The room of one device in the wizard: its problem and ways, or the pane that one of them opened, and its test at
 * the right. Rule kept: one place hears the keys; Esc closes the pane first and leaves the wizard only then. What a
 * way does to its own device is handed in.
 */
import { type ReactNode, useState } from 'react';
import type { DeviceKind, Diagnosis, Way } from '#contract/device-views.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { errorText } from '../counter/till-calls.ts';
import { useUi } from '../counter/ui-store.ts';
import { type MoveKey, useForm } from '../keys/form-stack.ts';
import type { Answer } from '../link/till-link.ts';
import { sessionStore } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { useWords } from '../words/words.ts';
import { ChoosePane } from './choose-pane.tsx';
import { DeviceCentre, StepsPane } from './device-centre.tsx';
import { stepsOf, wayWords } from './way-words.ts';
import { WizardBar } from './wizard-bar.tsx';

/** What the wizard hands to every room. */
export type RoomKeys = {
  readonly kind: DeviceKind;
  readonly diagnosis: Diagnosis | null;
  readonly move: (key: MoveKey) => void;
  readonly again: () => void;
  readonly skip: () => void;
  readonly leave: () => void;
  readonly goTo: (kind: DeviceKind) => void;
  readonly onScan: (code: string) => void;
};

export type Pane =
  | { readonly kind: 'choose'; readonly isSearching: boolean }
  | { readonly kind: 'steps'; readonly way: Way }
  | { readonly kind: 'own'; readonly name: string };

export type Told = { readonly text: string; readonly isBad: boolean } | null;

/** What a room remembers: its open pane and the last thing it said. */
export function useRoom() {
  const { say } = useWords();
  const [pane, setPane] = useState<Pane | null>(null);
  const [told, setTold] = useState<Told>(null);
  return {
    pane,
    told,
    open: (name: string): void => {
      setTold(null);
      setPane({ kind: 'own', name });
    },
    show: setPane,
    close: (): void => setPane(null),
    tell: (text: string, isBad = false): void => setTold({ text, isBad }),
    forget: (): void => setTold(null),
    /** Says how a command ended; true when it was done. */
    ended: <T,>(answer: Answer<T>, done: string = say('dfSaved')): boolean => {
      setTold(answer.ok ? { text: done, isBad: false } : { text: errorText(answer.error), isBad: true });
      return answer.ok;
    },
  };
}
export type Room = ReturnType<typeof useRoom>;

export function ToldLine({ told: ofRoom }: { readonly told: Told }) {
  // What the counter would say under its scan field (a spoiled scan, a window that opened) is said here.
  useWords();
  const notice = useUi((ui) => ui.notice);
  const told = ofRoom ?? (notice === null ? null : { text: notice.said(), isBad: notice.tone === 'bad' });
  return (
    <div
      className={told?.isBad === true ? 'bm-dtold bm-bad-text' : 'bm-dtold bm-good-text'}
      role={told?.isBad === true ? 'alert' : 'status'}
      data-testid="device-told"
    >
      {told?.text}
    </div>
  );
}

type RoomProps = {
  readonly keys: RoomKeys;
  readonly room: Room;
  /** Does one of the device's own ways; what it doesn't know is asked again. */
  readonly take: (way: Way) => void;
  /** A wire was chosen or typed. */
  readonly pick: (target: WireTargetInput) => void;
  readonly unset?: (() => void) | undefined;
  /** The pane that room.open opened. */
  readonly own?: ReactNode;
  readonly letters?: Readonly<Record<string, () => void>> | undefined;
  readonly side: ReactNode;
};

export function DeviceRoom(props: RoomProps) {
  const { say } = useWords();
  const { keys, room, take, pick, unset, own, letters, side } = props;
  const { diagnosis, kind } = keys;
  const { pane } = room;
  const doWay = (way: Way): void => {
    room.forget();
    if (way.id === 'choose') room.show({ kind: 'choose', isSearching: false });
    else if (way.id === 'searchNetwork') room.show({ kind: 'choose', isSearching: true });
    else if (diagnosis !== null && stepsOf(way.id, diagnosis, say).length > 0) room.show({ kind: 'steps', way });
    else if (way.id === 'goToPrinter') keys.goTo('printer');
    else if ((way.id === 'useFound' || way.id === 'throughQueue') && way.found !== null) pick(way.found.target);
    else take(way);
  };
  // The steps were walked: what they led to is looked at.
  const again = (): void => {
    if (pane?.kind === 'steps') room.close();
    room.forget();
    keys.again();
  };
  const back = (): void => {
    if (pane === null) keys.leave();
    else room.close();
  };
  useForm({
    name: 'devices',
    back,
    accept: keys.leave,
    move: keys.move,
    scan: keys.onScan,
    choose: (digit) => {
      const way = pane === null ? diagnosis?.ways[digit - 1] : undefined;
      if (way !== undefined) doWay(way);
    },
    letters: { R: again, S: keys.skip, ...letters },
  });
  const ways = diagnosis?.ways ?? [];
  // Anybody may look and test; what hangs where is the owner's to change, and a feed refused is not asked for.
  const isOwner = useStore(sessionStore, (session) => session.staff?.role === 'owner');
  return (
    <>
      <section className="bm-card bm-dcentre" data-form="devices" data-testid="device-centre">
        {diagnosis === null ? null : pane === null ? (
          <DeviceCentre diagnosis={diagnosis} onTake={doWay} told={<ToldLine told={room.told} />} />
        ) : pane.kind === 'steps' ? (
          <StepsPane title={wayWords(pane.way, diagnosis, say).title} steps={stepsOf(pane.way.id, diagnosis, say)} />
        ) : !isOwner ? (
          <div className="bm-dpane" data-testid="owner-only">
            <h1>{say('dfOwner')}</h1>
            <p className="bm-dialog-help">{say('dfOwnerHelp')}</p>
          </div>
        ) : pane.kind === 'choose' ? (
          <ChoosePane
            kind={kind}
            isSearching={pane.isSearching}
            error={room.told?.isBad === true ? room.told.text : ''}
            onPick={pick}
            onNone={unset ?? null}
            back={room.close}
            onScan={keys.onScan}
          />
        ) : (
          own
        )}
      </section>
      <aside className="bm-dside" data-testid="device-side">
        {side}
      </aside>
      <WizardBar
        hints={[
          { caps: ['↑', '↓'], word: 'dvKeyDevice' },
          ...(pane === null && ways.length > 0
            ? [{ caps: ways.map((_, i) => String(i + 1)), word: 'dvKeyWay' } as const]
            : []),
          { caps: ['R'], word: 'dvKeyAgain', run: again },
          { caps: ['Esc'], word: 'dvBackToDevice', run: back },
        ]}
        buttons={[
          { cap: 'S', word: 'dvSkip', run: keys.skip },
          { cap: 'Ctrl A', word: 'dvFinish', run: keys.leave },
        ]}
      />
    </>
  );
}
