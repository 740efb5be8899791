/**
 * "This PC replaces a broken one": the lost till comes back from a stick or from head office. Rule kept: the till does
 * it; here is asked where the copy is, and said what came of it and what to do next.
 */
import { useState } from 'react';
import type { RestoredView } from '#contract/till-backup.ts';
import { errorText } from '../counter/till-calls.ts';
import { useForm } from '../keys/form-stack.ts';
import { walkToNextField } from '../keys/field.ts';
import { ask } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { useFeed } from '../link/use-feed.ts';
import { ActionButton, Cap, Field } from '../parts/pieces.tsx';
import { clockTime, shortDay } from '../words/formats.ts';
import { useWords, type Word } from '../words/words.ts';

const doingWords: Readonly<Record<string, Word>> = {
  fetching: 'reFetching',
  copying: 'baCopying',
  checking: 'baChecking',
};

function Done({ restored }: { readonly restored: RestoredView }) {
  const { say, language } = useWords();
  const { shopName, madeAtMs, bills, oldSeries, series, isJoined, skipped } = restored;
  const at = `${shortDay(madeAtMs, language)}, ${clockTime(madeAtMs, language)}`;
  return (
    <div className="bm-stack" data-testid="restore-done">
      <b>{say('reDone', { shop: shopName, at, bills })}</b>
      <p>{say('reSeries', { series, old: oldSeries })}</p>
      {isJoined ? <p>{say('reJoined')}</p> : null}
      {skipped === 0 ? null : <p>{say('reSkipped', { count: skipped })}</p>}
      <p>
        <b>{say('reRestart')}</b>
      </p>
    </div>
  );
}

export function RestorePage({ onBack }: { readonly onBack: () => void }) {
  const { say } = useWords();
  const [from, setFrom] = useState<'file' | 'headOffice'>('file');
  const [place, setPlace] = useState('');
  const [code, setCode] = useState('');
  const [error, setError] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [restored, setRestored] = useState<RestoredView | null>(null);
  const progress = useFeed('restoring', (till, _, options) => till.backup.restoring(undefined, options));
  const found = useAnswer(from === 'headOffice' ? 'servers' : null, (till) => till.sync.servers());
  const servers = found?.ok === true ? found.value : [];
  const address = place === '' ? (servers[0]?.url ?? '') : place;
  const isFile = from === 'file';
  const go = async (): Promise<void> => {
    if (isBusy) return;
    setError('');
    setBusy(true);
    const url = /^https?:\/\//.test(address) ? address : `http://${address}`;
    const answer = await ask((till) =>
      till.backup.restore(isFile ? { kind: 'file', path: place, code } : { kind: 'headOffice', url, code }),
    );
    setBusy(false);
    if (answer.ok) setRestored(answer.value);
    else setError(errorText(answer.error));
  };
  const turn = (to: 'file' | 'headOffice'): void => {
    setFrom(to);
    setPlace('');
    setError('');
  };
  useForm({
    // Nobody is signed in: the keys of the set-up are open, others are not.
    name: 'setup',
    back: onBack,
    accept: () => void go(),
    choose: (digit) => {
      if (digit <= 2) turn(digit === 1 ? 'file' : 'headOffice');
    },
    enter: () => {
      if (!walkToNextField()) void go();
    },
  });
  return (
    <main className="bm-setup" data-form="setup" data-testid="restore">
      <div className="bm-card bm-setup-steps">
        <h1>{say('reTitle')}</h1>
        <p className="bm-dialog-help">{say('reHelp')}</p>
      </div>
      <section className="bm-card bm-setup-page">
        {restored !== null ? (
          <Done restored={restored} />
        ) : (
          <div className="bm-stack">
            <div className="bm-numbered">
              <button type="button" className={isFile ? 'bm-way bm-way-chosen' : 'bm-way'} onClick={() => turn('file')}>
                <Cap isLarge>1</Cap> {say('reFromFile')}
              </button>
              <button
                type="button"
                className={isFile ? 'bm-way' : 'bm-way bm-way-chosen'}
                onClick={() => turn('headOffice')}
                data-testid="restore-office"
              >
                <Cap isLarge>2</Cap> {say('reFromHeadOffice')}
              </button>
            </div>
            <Field
              key={from}
              label={say(isFile ? 'rePath' : 'reOfficeAddress')}
              value={isFile ? place : address}
              onText={setPlace}
              isDefault
              testId="restore-place"
            />
            <Field
              label={say(isFile ? 'reCode' : 'reOfficeCode')}
              value={code}
              onText={setCode}
              testId="restore-code"
            />
            {isBusy && progress !== null ? (
              <p role="status">
                {say(doingWords[progress.doing] ?? 'baCopying')} <progress value={progress.done} max={progress.total} />
              </p>
            ) : null}
          </div>
        )}
        <div className="bm-field-error" role="alert" data-testid="restore-error">
          {error}
        </div>
        <div className="bm-pane-actions bm-setup-actions">
          {restored !== null ? null : (
            <ActionButton look="main" cap="Ctrl A" onPress={() => void go()} testId="restore-go">
              {say('reGo')}
            </ActionButton>
          )}
          <ActionButton look="quiet" cap="Esc" onPress={onBack}>
            {say('suBack')}
          </ActionButton>
        </div>
      </section>
    </main>
  );
}
