/** Teaches the till a keyboard scanner from three scans of one code. Rule kept: while it learns, keys go to it alone
 * (but Esc); it is kept only when all three agree; what was learnt is said in words. */
import { useEffect, useState } from 'react';
import type { WedgeSetting } from '#contract/till-scanner.ts';
import { watchRawKeys } from '../keys/keyboard.ts';
import { type LearnKey, type Learnt, learnScanner, scansNeeded } from '../keys/learn-scanner.ts';
import { ask } from '../link/till-link.ts';
import { Icon } from '../parts/icons.tsx';
import { ActionButton } from '../parts/pieces.tsx';
import { type Say, useWords } from '../words/words.ts';
import { testCode } from './device-side.tsx';

/** A scan is whole when this long nothing came. */
const silenceMs = 350;

/** "Adds Enter after each code." and what else is unlike a plain scanner. */
export function wedgeWords(wedge: WedgeSetting, say: Say): readonly string[] {
  const { terminator, prefixes, suffix, isCaseInverted, readBy, lineBreaks } = wedge;
  return [
    say(({ enter: 'dlEnter', tab: 'dlTab', none: 'dlNoEnd' } as const)[terminator]),
    ...(prefixes.length === 0 ? [] : [say('dlPrefix', { text: prefixes[0] ?? '' })]),
    ...(suffix === '' ? [] : [say('dlSuffix', { text: suffix })]),
    ...(isCaseInverted ? [say('dlCase')] : []),
    ...(readBy === 'place' ? [say('dlPlace')] : []),
    ...(lineBreaks === 'data' ? [say('dlLines')] : []),
  ];
}

/** By the code on the screen where it was that one, else by whatever pack was scanned. */
function learn(keys: readonly LearnKey[]): Learnt {
  const byCode = learnScanner(keys, testCode);
  return byCode.kind === 'learnt' && byCode.code !== testCode ? learnScanner(keys, null) : byCode;
}

type Done = (wedge: WedgeSetting) => void;

export function LearnPane({ onDone }: { readonly onDone: Done }) {
  const [round, setRound] = useState(0);
  return <Learning key={round} onDone={onDone} onAgain={() => setRound((now) => now + 1)} />;
}

/** Keeps what three scans agree on; null while they don't. */
function useLearnt(): Learnt {
  const [learnt, setLearnt] = useState<Learnt>({ kind: 'waiting', scans: 0 });
  useEffect(() => {
    let keys: LearnKey[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const judge = (): void => {
      const now = learn(keys);
      if (now.kind === 'differ' || now.kind === 'typed') keys = [];
      if (now.kind !== 'learnt') return setLearnt(now);
      stop();
      void ask((till) => till.scanner.saveWedge({ wedge: now.wedge })).then((answer) => {
        if (answer.ok) setLearnt(now);
      });
    };
    const stop = watchRawKeys((key) => {
      keys.push(key);
      clearTimeout(timer);
      timer = setTimeout(judge, silenceMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
  return learnt;
}

function Learning({ onDone, onAgain }: { readonly onDone: Done; readonly onAgain: () => void }) {
  const { say } = useWords();
  const learnt = useLearnt();
  const scans = learnt.kind === 'waiting' ? learnt.scans : learnt.kind === 'learnt' ? scansNeeded : 0;
  return (
    <div className="bm-dpane" data-testid="learn">
      <h1>{say('dwLearn')}</h1>
      <p className="bm-dialog-help">{say('dlHelp')}</p>
      <ol className="bm-dlearn" aria-label={say('dlCount', { scans, needed: scansNeeded })}>
        {Array.from({ length: scansNeeded }, (_, i) => (
          <li key={i} data-done={i < scans}>
            {i < scans ? <Icon name="check" size={28} /> : i + 1}
          </li>
        ))}
      </ol>
      <div role="status" aria-live="polite" data-testid="learn-told">
        {learnt.kind === 'waiting' ? (
          <b>{say('dlCount', { scans, needed: scansNeeded })}</b>
        ) : learnt.kind === 'learnt' ? (
          <>
            <b className="bm-hint bm-good-text">
              <Icon name="checkRound" size={20} />
              {say('dlDone', { code: learnt.code })}
            </b>
            <ul className="bm-dlist">
              {wedgeWords(learnt.wedge, say).map((words) => (
                <li key={words}>{words}</li>
              ))}
              <li>{say('dlGap', { ms: learnt.wedge.gapMs })}</li>
            </ul>
          </>
        ) : (
          <b className="bm-bad-text">{say(learnt.kind === 'differ' ? 'dlDiffer' : 'dlTyped')}</b>
        )}
      </div>
      <div className="bm-pane-actions">
        {learnt.kind === 'learnt' ? (
          <ActionButton look="main" onPress={() => onDone(learnt.wedge)}>
            {say('dvFinish')}
          </ActionButton>
        ) : null}
        <ActionButton onPress={onAgain}>{say('dlAgain')}</ActionButton>
      </div>
    </div>
  );
}
