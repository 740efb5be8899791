/**
 * Tells a scanner from a person by the time between keys (screens.md §4.1). Rule kept: inside a burst no key
 * is a command; a command waits for a gap of silence before it acts, so that one which opens a burst never
 * acts at all. Pure: keys and instants in, verdicts and effects out; never touches the page.
 */
export type BurstKey<P> = {
  readonly atMs: number;
  /** What the key writes, as a US scanner means it; null for keys that write nothing. */
  readonly text: string | null;
  /** Enter, Tab, LF: ends a code. */
  readonly isTerminator: boolean;
  /** What the key would do if a person pressed it: write into a field, or command. */
  readonly kind: 'text' | 'command';
  readonly isRepeat: boolean;
  /** Handed back with `run`. */
  readonly payload: P;
};

export type BurstState<P> = {
  readonly phase: 'idle' | 'open' | 'burst' | 'tail';
  readonly lastMs: number;
  readonly count: number;
  readonly text: string;
  readonly held: readonly P[];
};
/** pass: let the field have it now. hold: keep it from the page; it may come back in `run`. swallow: gone. */
export type Verdict = 'pass' | 'hold' | 'swallow';
export type BurstEffect<P> =
  /** Remember the field as it is before this key. */
  | { readonly do: 'remember' }
  /** It was a scanner: put the field back as remembered. */
  | { readonly do: 'takeBack' }
  /** `isEnded`: by its terminator; else by a pause. */
  | { readonly do: 'scan'; readonly code: string; readonly isEnded: boolean }
  /** A person pressed these, in this order. */
  | { readonly do: 'run'; readonly keys: readonly P[] };
export type BurstStep<P> = {
  readonly state: BurstState<P>;
  readonly verdict: Verdict;
  readonly effects: readonly BurstEffect<P>[];
};

/** Keys that make a burst. */
export const burstLength = 4;
export const defaultGapMs = 35;

export const idleBurst: BurstState<never> = { phase: 'idle', lastMs: 0, count: 0, text: '', held: [] };

const idleAt = <P>(atMs: number): BurstState<P> => ({ phase: 'idle', lastMs: atMs, count: 0, text: '', held: [] });
const scanOf = <P>(text: string, isEnded: boolean): readonly BurstEffect<P>[] =>
  text === '' ? [] : [{ do: 'scan', code: text, isEnded }];

/** What is still open is decided: held commands were a person's, a code without terminator is whole. */
function settle<P>(state: BurstState<P>): readonly BurstEffect<P>[] {
  if (state.phase === 'burst') return scanOf(state.text, false);
  if (state.phase === 'open' && state.held.length > 0) return [{ do: 'run', keys: state.held }];
  return [];
}

/** How long a busy PC may keep a scan's next key before it hands it on with the instant at which it went down. */
const latenessMs = 100;

/**
 * When to call `hearSilence`: milliseconds after the last key. A code without its end is judged later than `gapMs`, so that
 * a key which comes late is still judged by its own instant; `sendsNoEnd`: the scanner never sends one, so nobody waits.
 */
export const silenceMs = <P>({ phase }: BurstState<P>, gapMs: number, sendsNoEnd: boolean): number =>
  phase === 'burst' && !sendsNoEnd ? gapMs + latenessMs : gapMs;

/** A gap without keys: call it when `silenceMs` says. Earlier calls than `gapMs` after the last key change nothing. */
export function hearSilence<P>(
  state: BurstState<P>,
  atMs: number,
  gapMs = defaultGapMs,
): Omit<BurstStep<P>, 'verdict'> {
  if (state.phase === 'idle' || atMs - state.lastMs < gapMs) return { state, effects: [] };
  // Few keys that only wrote: there is nothing to act on, and one that comes late may make a scan of them yet.
  if (state.phase === 'open' && state.held.length === 0) return { state, effects: [] };
  return { state: idleAt(atMs), effects: settle(state) };
}

/** One key went down. */
export function hearKey<P>(state: BurstState<P>, key: BurstKey<P>, gapMs = defaultGapMs): BurstStep<P> {
  const isNear = state.phase !== 'idle' && key.atMs - state.lastMs < gapMs;
  if (key.isRepeat) return hearRepeat(state, key, isNear);
  if (!isNear) return openRun(state, key);
  if (state.phase === 'open') return state.count + 1 >= burstLength ? startBurst(state, key) : growRun(state, key);
  const at = { ...state, lastMs: key.atMs };
  if (key.isTerminator) {
    const effects: readonly BurstEffect<P>[] = state.phase === 'burst' ? scanOf(state.text, true) : [];
    return { state: { ...at, phase: 'tail', text: '' }, verdict: 'swallow', effects };
  }
  if (key.text === null) return { state: at, verdict: 'swallow', effects: [] };
  return { state: { ...at, phase: 'burst', text: state.text + key.text }, verdict: 'swallow', effects: [] };
}

/** A key kept down is a person's; after a scan it is the terminator's tail. */
function hearRepeat<P>(state: BurstState<P>, key: BurstKey<P>, isNear: boolean): BurstStep<P> {
  if (isNear && (state.phase === 'burst' || state.phase === 'tail')) {
    return { state: { ...state, lastMs: key.atMs }, verdict: 'swallow', effects: [] };
  }
  const before = settle(state);
  if (key.kind === 'text') return { state: idleAt(key.atMs), verdict: 'pass', effects: before };
  return {
    state: idleAt(key.atMs),
    verdict: 'hold',
    effects: [...before, { do: 'run', keys: [key.payload] }],
  };
}

function openRun<P>(state: BurstState<P>, key: BurstKey<P>): BurstStep<P> {
  const isCommand = key.kind === 'command';
  return {
    state: {
      phase: 'open',
      lastMs: key.atMs,
      count: 1,
      text: key.isTerminator ? '' : (key.text ?? ''),
      held: isCommand ? [key.payload] : [],
    },
    verdict: isCommand ? 'hold' : 'pass',
    effects: [...settle(state), { do: 'remember' }],
  };
}

function growRun<P>(state: BurstState<P>, key: BurstKey<P>): BurstStep<P> {
  // Once a command waits, what follows waits behind it, so that a fast person's keys keep their order.
  const isHeld = key.kind === 'command' || state.held.length > 0;
  return {
    state: {
      phase: 'open',
      lastMs: key.atMs,
      count: state.count + 1,
      text: state.text + (key.isTerminator ? '' : (key.text ?? '')),
      held: isHeld ? [...state.held, key.payload] : state.held,
    },
    verdict: isHeld ? 'hold' : 'pass',
    effects: [],
  };
}

function startBurst<P>(state: BurstState<P>, key: BurstKey<P>): BurstStep<P> {
  const text = state.text + (key.isTerminator ? '' : (key.text ?? ''));
  return {
    state: {
      phase: key.isTerminator ? 'tail' : 'burst',
      lastMs: key.atMs,
      count: state.count + 1,
      text: key.isTerminator ? '' : text,
      held: [],
    },
    verdict: 'swallow',
    effects: [{ do: 'takeBack' }, ...(key.isTerminator ? scanOf<P>(text, true) : [])],
  };
}
