/**
 * Trouble that a person must know: another window, a fault, the line to the till lost, the disk. Rule kept:
 * first what is safe, then one next key; no codes but the incident's short name.
 */
import { UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { TillStatus } from '#contract/views.ts';
import { connectionStore, faultStore } from '../link/till-link.ts';
import { claimCounter, sessionStore } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { useWords, type Word } from '../words/words.ts';
import { Icon } from './icons.tsx';
import { Cap } from './pieces.tsx';

export function OtherWindow() {
  const { say } = useWords();
  return (
    <main className="bm-center" data-testid="other-window">
      <UnstyledButton className="bm-card bm-narrow bm-other" onClick={() => void claimCounter()}>
        <Icon name="info" size={28} />
        <b>{say('otherWindow')}</b>
        <Cap isLarge>Enter</Cap>
      </UnstyledButton>
    </main>
  );
}

const troubleWords: Readonly<Partial<Record<TillStatus['trouble'], Word>>> = {
  diskFull: 'diskFull',
  diskReadOnly: 'diskReadOnly',
  damaged: 'damaged',
  clockWrong: 'clockWrongNow',
};
const doingWords: Readonly<Record<NonNullable<TillStatus['progress']>['doing'], Word>> = {
  opening: 'opening',
  migrating: 'migrating',
  seeding: 'seeding',
  checking: 'checking',
};

/** The line counts as lost only after half a second: a reload of the till is shorter. */
function useIsLost(): boolean {
  const state = useStore(connectionStore, (connection) => connection.state);
  const [isLost, setIsLost] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLost(state === 'lost'), state === 'lost' ? 500 : 0);
    return () => clearTimeout(timer);
  }, [state]);
  return isLost;
}

export function Trouble() {
  const { say } = useWords();
  const fault = useStore(faultStore, (now) => now);
  const status = useStore(sessionStore, (session) => session.status);
  const isLost = useIsLost();
  if (fault !== null) {
    return (
      <div
        className="bm-shade"
        role="alertdialog"
        aria-label={say('fault', { id: fault.incidentId })}
        data-testid="fault"
      >
        <div className="bm-dialog bm-dialog-small">
          <div className="bm-dialog-body">
            <Icon name="alert" size={32} />
            <p className="bm-fault">{say('fault', { id: fault.incidentId })}</p>
            <UnstyledButton className="bm-button bm-button-main" onClick={() => location.reload()}>
              <Cap>R</Cap>
            </UnstyledButton>
          </div>
        </div>
      </div>
    );
  }
  if (isLost) {
    return (
      <div className="bm-banner bm-notice-bad" role="alert" data-testid="lost">
        <Icon name="alert" />
        {say('lost')}
      </div>
    );
  }
  const trouble = status === null ? undefined : troubleWords[status.trouble];
  if (trouble !== undefined) {
    return (
      <div className="bm-banner bm-notice-bad" role="alert" data-testid="trouble">
        <Icon name="alert" />
        {say(trouble)}
      </div>
    );
  }
  const progress = status?.isReady === false ? status.progress : null;
  return progress === null || progress === undefined ? null : (
    <div className="bm-banner bm-notice-quiet" role="status" data-testid="progress">
      {say(doingWords[progress.doing])} {progress.total > 0 ? `${progress.done} / ${progress.total}` : ''}
    </div>
  );
}
