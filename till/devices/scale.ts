/**
 * The weighing scale of this till: opened by its setting, told to the screens, read for a bill. Rule kept: a bill
 * gets a weight only while the scale is stable and speaking, and the same pan twice only after a person's yes;
 * nothing here can hold a bill up longer than the second that a person asked for.
 */
import type { DomainError } from '#core/errors.ts';
import { type Milli, milli } from '#core/quantity.ts';
import type { Result } from '#core/result.ts';
import type { DeviceView } from '#contract/device-views.ts';
import type { ScaleReadingView, ScaleSetting, ScaleTrial, ScaleView } from '#contract/till-scale.ts';
import type { PatternFault } from '#hardware/scale/guarded-pattern.ts';
import type { Scale, ScaleState } from '#hardware/scale/port.ts';
import { type Feed, makeFeed } from '../feed.ts';
import { refuse } from '../refusal.ts';
import { placeOf } from './find.ts';
import type { DeviceDesk } from './open-devices.ts';
import { followTrial, patternRefusal } from './scale-trial.ts';
import { noScale, refusalOfState, scaleViewOf } from './scale-view.ts';
import { type Taken, takenAfter } from './taken-weight.ts';

export type OpenScale = (setting: ScaleSetting) => Promise<Result<Scale, PatternFault>>;

export type ScaleDeskDeps = {
  readonly setting: () => ScaleSetting | null;
  readonly save: (setting: ScaleSetting | null) => void;
  readonly open?: OpenScale;
  /** It began or ceased to work: the device list changed. */
  readonly onChange: () => void;
};

export type ScaleDesk = DeviceDesk & {
  readonly scaleView: () => ScaleView;
  readonly feed: Feed<ScaleView>;
  /** Waits up to a second for a stable weight above zero. Throws a Refusal with the scale's own reason. */
  readonly read: () => Promise<ScaleReadingView>;
  readonly tare: (clear: boolean) => ScaleView;
  readonly zero: () => ScaleView;
  readonly set: (setting: ScaleSetting | null) => Promise<ScaleView>;
  readonly trial: (setting: ScaleSetting, signal: AbortSignal | undefined) => AsyncGenerator<ScaleTrial, void, void>;
  /** Why a weight from the pan can't go into a bill unasked; null: it can. */
  readonly refusalToTake: (isConfirmed: boolean) => DomainError | null;
  /** A weight from the pan went into a bill for this item. */
  readonly took: (item: { readonly name: string; readonly nameHi: string | null }, qtyMilli: Milli) => void;
};

/** How long a person's key waits for the pan to come to rest. */
const readWaitMs = 1_000;
const feedEveryMs = 100;
const trialMs = 120_000;

/** Nothing of hardware/scale is loaded before a scale is set or tried. */
const openReal: OpenScale = async (setting) => {
  const { openScale } = await import('#hardware/scale/open-scale.ts');
  return openScale(setting);
};

export function makeScaleDesk(deps: ScaleDeskDeps): ScaleDesk {
  const open = deps.open ?? openReal;
  let scale: Scale | null = null;
  let taken: Taken | null = null;
  let lastState: DeviceView['state'] = 'notSet';
  let timer: NodeJS.Timeout | null = null;
  let isOwed = false;
  let told = '';
  let isClosed = false;
  /** Openings and closings wait for one another. */
  let turn: Promise<unknown> = Promise.resolve();
  let endTrial: (() => void) | null = null;
  const feed = makeFeed<ScaleView>();

  const scaleView = (): ScaleView => {
    if (scale !== null) return scaleViewOf(scale, taken === null ? null : { name: taken.name, nameHi: taken.nameHi });
    return deps.setting() === null ? noScale : { ...noScale, state: 'looking' };
  };
  const deviceState = (): DeviceView['state'] => {
    const { state } = scaleView();
    return state === 'notSet' || state === 'looking' || state === 'trouble' ? state : 'works';
  };
  /** The first change at once, the next ones no closer than the eye can follow; the same view is not told twice. */
  const publish = (): void => {
    if (timer !== null) {
      isOwed = true;
      return;
    }
    const view = scaleView();
    const text = JSON.stringify(view);
    if (text === told) return;
    told = text;
    feed.publish(view);
    timer = setTimeout(() => {
      timer = null;
      if (!isOwed) return;
      isOwed = false;
      publish();
    }, feedEveryMs);
  };
  const tell = (): void => {
    publish();
    const now = deviceState();
    if (now === lastState) return;
    lastState = now;
    deps.onChange();
  };
  const heard = (state: ScaleState): void => {
    if (state.kind === 'overload') taken = null;
    if ('milli' in state && state.milli !== null && scale !== null)
      taken = takenAfter(taken, milli(state.milli + scale.tareMilli()));
    tell();
  };

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  };
  const release = async (): Promise<void> => {
    const old = scale;
    scale = null;
    await old?.close();
  };
  const reopen = (): Promise<void> =>
    inTurn(async () => {
      await release();
      const setting = deps.setting();
      const made = setting === null || isClosed ? null : await open(setting);
      if (made?.ok === true) {
        scale = made.value;
        scale.onState(heard);
      }
      tell();
    });
  const need = (): Scale => scale ?? refuse({ type: 'ScaleNotSet' });

  return {
    view: () => {
      const setting = deps.setting();
      return {
        kind: 'scale',
        state: deviceState(),
        trouble: scaleView().trouble,
        place: setting === null ? null : placeOf(setting.target),
      };
    },
    reopen,
    close: () => {
      isClosed = true;
      endTrial?.();
      if (timer !== null) clearTimeout(timer);
      return inTurn(release);
    },
    scaleView,
    feed,
    read: async () => {
      const state = await restedState(need());
      const refusal = refusalOfState(state);
      if (refusal !== null || state.kind !== 'stable') refuse(refusal ?? { type: 'ScaleUnstable' });
      return { weightMilli: state.milli, takenFor: scaleView().takenFor };
    },
    tare: (clear) => {
      const on = need();
      if (clear) on.clearTare();
      else if (!on.tare()) refuse(refusalOfState(on.state()) ?? { type: 'ScaleEmpty' });
      return scaleView();
    },
    zero: () => {
      const on = need();
      if (!on.canZero) refuse({ type: 'ScaleCannotZero' });
      on.zero();
      return scaleView();
    },
    set: async (setting) => {
      if (setting?.protocol === 'pattern') await mustCompile(setting);
      deps.save(setting);
      taken = null;
      await reopen();
      return scaleView();
    },
    trial: async function* (setting, signal) {
      endTrial?.();
      const ended = new AbortController();
      const end = (): void => ended.abort();
      endTrial = end;
      const stop = AbortSignal.any([ended.signal, AbortSignal.timeout(trialMs), ...(signal ? [signal] : [])]);
      // A serial port has one user: our own lets go while its setting is tried.
      const tried = await inTurn(async () => {
        await release();
        return open(setting);
      });
      try {
        if (!tried.ok) refuse(patternRefusal(tried.error));
        yield* followTrial(tried.value, stop);
      } finally {
        if (tried.ok) await tried.value.close();
        if (endTrial === end) {
          endTrial = null;
          await reopen();
        }
      }
    },
    refusalToTake: (isConfirmed) => {
      if (isConfirmed || taken === null) return null;
      const { name, nameHi, grossMilli } = taken;
      return { type: 'WeightTaken', name, nameHi, weightMilli: scaleView().weightMilli ?? grossMilli };
    },
    took: ({ name, nameHi }, qtyMilli) => {
      if (scale === null) return;
      taken = { grossMilli: milli(qtyMilli + scale.tareMilli()), name, nameHi };
      publish();
    },
  };
}

/** A pattern of one's own is judged before it is kept. */
async function mustCompile(setting: ScaleSetting): Promise<void> {
  const { protocolOf } = await import('#hardware/scale/protocols.ts');
  const made = protocolOf(setting.protocol, setting.pattern);
  if (!made.ok) refuse(patternRefusal(made.error));
}

/** The state as soon as it is stable above zero, or what it is after the wait. A scale that can't be had is told at once. */
function restedState(scale: Scale): Promise<ScaleState> {
  const isAnswer = (state: ScaleState): boolean =>
    (state.kind === 'stable' && state.milli > 0) || state.kind === 'trouble';
  const now = scale.state();
  if (isAnswer(now)) return Promise.resolve(now);
  return new Promise((resolve) => {
    const answer = (): void => {
      stop();
      clearTimeout(timer);
      resolve(scale.state());
    };
    const stop = scale.onState((state) => {
      if (isAnswer(state)) answer();
    });
    // What has arrived meanwhile is heard before "not yet" is said.
    const timer = setTimeout(() => setImmediate(answer), readWaitMs);
  });
}
