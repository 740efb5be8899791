/**
 * The till's page of head office (Ctrl K "Sync"): what waits, since when, when it was last heard, what was kept aside and
 * why, and joining with a code. Rule kept: it changes no bill; all that is shown the till said.
 */
import { useCallback, useState } from 'react';
import type { KeptAsideView, SyncView } from '#contract/till-sync.ts';
import { formatPaise } from '#core/money.ts';
import { errorText } from '../counter/till-calls.ts';
import { closePanel, goTo } from '../counter/ui-store.ts';
import { returnWanted } from '../returns/return-wanted.ts';
import { walkToNextField } from '../keys/field.ts';
import { ask } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { ActionButton, Dialog, Field } from '../parts/pieces.tsx';
import { clockTime, shortDay } from '../words/formats.ts';
import { type Say, useWords, type Word } from '../words/words.ts';
import { shutOutWord, syncSentence, useSyncView } from './sync-state.tsx';

const reasonWords = {
  unreadable: 'syUnreadable',
  doesNotAddUp: 'syDoesNotAddUp',
  notYours: 'syNotYours',
  numberTaken: 'syNumberTaken',
  dateOutOfRange: 'syDateOutOfRange',
  changed: 'syChanged',
  fault: 'syFault',
} as const satisfies Record<KeptAsideView['reason'], Word>;

/** What became of it, else why it was kept aside. */
const whatOf = ({ state, reason, note }: KeptAsideView, say: Say): string =>
  state === 'sentAgain'
    ? say('sySentAgain')
    : state === 'reversed'
      ? say('syReversed', { number: note ?? '' })
      : say(reasonWords[reason]);

/** Who decided, and what that person wrote. */
const sayOf = ({ state, decidedBy, note }: KeptAsideView): string =>
  state === 'accepted' && note !== null ? `${decidedBy ?? ''}: ${note}` : (decidedBy ?? '');

function Waiting({
  view,
  say,
  at,
}: {
  readonly view: SyncView;
  readonly say: Say;
  readonly at: (ms: number) => string;
}) {
  const sentence = syncSentence(view, say);
  return (
    <div data-testid="sync-waiting">
      <p>{sentence?.text ?? say('syAllThere', { store: view.storeName ?? '' })}</p>
      {view.waitsSinceMs === null ? null : (
        <p>{say('syWaits', { count: view.toSend, since: at(view.waitsSinceMs) })}</p>
      )}
      <p>{view.lastHeardMs === null ? say('syNeverHeard') : say('syHeard', { at: at(view.lastHeardMs) })}</p>
    </div>
  );
}

export function SyncPanel() {
  const { say, language } = useWords();
  const view = useSyncView();
  const [typed, setAddress] = useState<string | null>(null);
  // A till that is asked for a new code knows where head office is.
  const address = typed ?? view?.serverUrl ?? '';
  const [code, setCode] = useState('');
  const [note, setNote] = useState('');
  const [error, setError] = useState('');
  const at = useCallback((ms: number) => `${shortDay(ms, language)}, ${clockTime(ms, language)}`, [language]);
  // Asked anew when their number changes.
  const listed = useAnswer(view?.refused ?? 0, (till) => till.sync.refused());
  const [told, setTold] = useState<readonly KeptAsideView[] | null>(null);
  const kept = told ?? (listed?.ok === true ? listed.value : []);
  const found = useAnswer(view?.state === 'notJoined' ? 'servers' : null, (till) => till.sync.servers());
  const servers = found?.ok === true ? found.value : [];
  const isForm = view !== null && (view.state === 'notJoined' || view.state === 'notEnrolled');
  const join = async (): Promise<void> => {
    const serverUrl = /^https?:\/\//.test(address) ? address : `http://${address}`;
    const answer = await ask((till) => till.sync.join({ serverUrl, code }));
    setError(answer.ok ? '' : errorText(answer.error));
  };
  const open = kept.find((entry) => entry.state === 'open');
  const accept = async (): Promise<void> => {
    if (open === undefined) return;
    const answer = await ask((till) => till.sync.accept({ seq: open.seq, note }));
    setError(answer.ok ? '' : errorText(answer.error));
    if (!answer.ok) return;
    setNote('');
    setTold(answer.value);
  };
  const sendAgain = async (): Promise<void> => {
    if (open === undefined) return;
    const { seq } = open;
    const answer = await ask((till) => till.sync.sendAgain({ seq }));
    if (answer.ok) setTold(answer.value);
    const isStill = answer.ok && answer.value.some((entry) => entry.seq === seq && entry.state === 'open');
    setError(answer.ok ? (isStill ? say('syStill') : '') : errorText(answer.error));
  };
  /** The money goes back by a return like any other: the bill itself is never touched. */
  const giveBack = (number: string): void => {
    returnWanted.set(number);
    closePanel();
    goTo('return');
  };
  const go = (): void => {
    if (isForm) void (walkToNextField() ? undefined : join());
    else if (open !== undefined && note.trim() !== '') void accept();
    else closePanel();
  };
  return (
    <Dialog
      title={say('sySync')}
      help={say('syHelp')}
      keys={{ name: 'sync', back: closePanel, enter: go }}
      footer={
        <>
          {isForm ? (
            <ActionButton look="main" cap="Enter" onPress={() => void join()} testId="sync-join">
              {say('syJoin')}
            </ActionButton>
          ) : null}
          {open?.kind !== 'bill' || open.number === null ? null : (
            <ActionButton onPress={() => giveBack(open.number ?? '')} testId="sync-reverse">
              {say('syReverse', { number: open.number })}
            </ActionButton>
          )}
          {open === undefined ? null : (
            <ActionButton onPress={() => void sendAgain()} testId="sync-send-again">
              {say('sySendAgain')}
            </ActionButton>
          )}
          {open === undefined ? null : (
            <ActionButton look="main" cap="Enter" onPress={() => void accept()} testId="sync-accept">
              {say('syAccept')}
            </ActionButton>
          )}
          <ActionButton look="quiet" cap="Esc" onPress={closePanel}>
            {say('kBack')}
          </ActionButton>
        </>
      }
    >
      {view === null || isForm ? null : <Waiting view={view} say={say} at={at} />}
      {view?.state === 'notEnrolled' ? (
        <div data-testid="sync-shut-out">
          <p>
            <b>{say(shutOutWord(view.shutOut))}</b>
          </p>
          <p>{say('syNewCode')}</p>
        </div>
      ) : null}
      {isForm ? (
        <>
          {servers.map((server) => (
            <ActionButton key={server.name} onPress={() => setAddress(server.url)} testId="sync-found">
              {say('syFound', { name: server.name })}
            </ActionButton>
          ))}
          <Field label={say('syAddress')} value={address} onText={setAddress} isDefault testId="sync-address" />
          <Field label={say('syCode')} value={code} onText={setCode} testId="sync-code" />
        </>
      ) : null}
      {kept.map((entry) => (
        <p key={entry.seq} data-testid="sync-kept">
          <b>{entry.number ?? say('syEntry')}</b> {entry.payablePaise === null ? '' : formatPaise(entry.payablePaise)}{' '}
          {whatOf(entry, say)}{' '}
          <small>
            {at(entry.toldAtMs)} {sayOf(entry)}
          </small>
        </p>
      ))}
      {open === undefined ? null : <Field label={say('syNote')} value={note} onText={setNote} testId="sync-note" />}
      <div className="bm-field-error" role="alert">
        {error}
      </div>
    </Dialog>
  );
}
