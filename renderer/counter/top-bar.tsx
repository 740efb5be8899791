/** The top bar: shop, till, who, and in words how the till, printer and scale are. Rule kept: trouble is amber
 * words here, never a dialog. */
import { memo, useEffect, useState } from 'react';
import type { DevicesView } from '#contract/views.ts';
import { formatQty } from '#core/quantity.ts';
import { Icon } from '../parts/icons.tsx';
import { sessionStore } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { clockTime, shortDay } from '../words/formats.ts';
import { type Say, useWords, type Word } from '../words/words.ts';
import { BackupState } from '../backup/backup-state.tsx';
import { SyncState, useSyncView } from '../sync/sync-state.tsx';
import { useScale } from './scale-store.ts';
import { useUi } from './ui-store.ts';

function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

const printerWords: Readonly<Record<DevicesView['printer'], Word>> = {
  ready: 'printerReady',
  notSet: 'printerNotSet',
  offline: 'printerOffline',
  paperOut: 'printerPaperOut',
  coverOpen: 'printerCoverOpen',
  error: 'printerError',
};

const scaleWords = {
  stable: 'scale',
  moving: 'scaleTopMoving',
  negative: 'scaleTopMinus',
  overload: 'scaleTopOver',
  underload: 'scaleTooLittle',
  trouble: 'scaleTopGone',
} as const satisfies Readonly<Record<string, Word>>;

/** With nothing waiting there is nothing to count. */
const printerWordsNow: Readonly<Partial<Record<DevicesView['printer'], Word>>> = {
  offline: 'printerOfflineNow',
  paperOut: 'printerPaperOutNow',
  coverOpen: 'printerCoverOpenNow',
  error: 'printerErrorNow',
};

function printerText({ printer, isPaperLow, waitingJobs, asideJobs }: DevicesView, say: Say): string {
  if (printer === 'ready' && asideJobs > 0) return say('jobsAside', { count: asideJobs });
  if (printer === 'ready' && isPaperLow) return say('printerPaperLow');
  const now = waitingJobs === 0 ? printerWordsNow[printer] : undefined;
  return say(now ?? printerWords[printer], { jobs: say('jobsWait', { count: waitingJobs }) });
}

function Printer({ devices, say }: { readonly devices: DevicesView; readonly say: Say }) {
  const isWell = devices.printer === 'ready' || devices.printer === 'notSet';
  const isTrouble = !isWell || devices.asideJobs > 0;
  return (
    <span className={isTrouble ? 'bm-top-item bm-top-warn' : 'bm-top-item'} data-testid="printer-state">
      <Icon name="printer" size={17} />
      {printerText(devices, say)}
    </span>
  );
}

/** Beside the printer, and only where a scale is set: its weight, or what is wrong with it. */
function ScaleState({ say }: { readonly say: Say }) {
  const { state, weightMilli } = useScale((view) => view);
  if (state === 'notSet' || state === 'looking') return null;
  const weight = weightMilli === null ? '–' : formatQty(weightMilli, 'kg');
  const text = say(scaleWords[state], { weight });
  const isTrouble = state !== 'stable' && state !== 'moving';
  return (
    <span className={isTrouble ? 'bm-top-item bm-top-warn' : 'bm-top-item'} data-testid="scale-state">
      <Icon name="scale" size={17} />
      {text}
    </span>
  );
}

/** A shop of its own sends nothing: a count that only grows would frighten its owner. */
function ToSend({ count, say }: { readonly count: number; readonly say: Say }) {
  const view = useSyncView();
  const isAlone = view === null || view.state === 'notJoined';
  return isAlone ? null : <small data-testid="to-send">{say('toSend', { count })}</small>;
}

export const TopBar = memo(function TopBar() {
  const { say, language } = useWords();
  const { shop, staff, shift, devices, status } = useStore(sessionStore, (session) => session);
  const now = useNow(5_000);
  const isWizard = useUi((ui) => ui.screen === 'devices') && staff !== null;
  const till = /^\D*(\d+)$/.exec(shop?.tillName ?? '')?.[1];
  const tillName = till === undefined ? shop?.tillName : say('till', { n: till });
  if (isWizard) {
    return (
      <header className="bm-top bm-top-wizard">
        <Icon name="receipt" size={24} />
        <b className="bm-wizard-title">{say('dvTitle')}</b>
        <span>{say('dvWhere', { till: tillName ?? '', shop: shop?.name ?? '' })}</span>
        <span className="bm-push" />
        {devices === null ? null : <Printer devices={devices} say={say} />}
        <span>{say('dvLeave')}</span>
      </header>
    );
  }
  return (
    <header className="bm-top">
      <Icon name="receipt" size={18} />
      <b>{shop?.name}</b>
      <span>{tillName}</span>
      {staff === null ? null : (
        <span data-testid="cashier">
          {staff.name} {shift?.shift == null ? '' : say('since', { time: clockTime(shift.shift.openedAtMs, language) })}
        </span>
      )}
      <span className="bm-push bm-top-item">
        <Icon name="cloud" size={17} />
        {say('allSaved')} {staff === null || status === null ? null : <ToSend count={status.toSend} say={say} />}
      </span>
      {staff === null ? null : <SyncState say={say} />}
      {staff === null ? null : <BackupState say={say} />}
      {devices === null ? null : <Printer devices={devices} say={say} />}
      <ScaleState say={say} />
      <b>
        {shortDay(now, language)}, {clockTime(now, language)}
      </b>
    </header>
  );
});
