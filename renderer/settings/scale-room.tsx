/** The scale's room: its weight live and large, port and kind, the search for its speed, and 1 kg as the proof. Rule
 * kept: a weight here goes into no bill. */
import { useState } from 'react';
import type { Way } from '#contract/device-views.ts';
import type { ScaleSetting, ScaleView } from '#contract/till-scale.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { formatQty, type Milli } from '#core/quantity.ts';
import { ask } from '../link/till-link.ts';
import { useAnswer } from '../link/use-answer.ts';
import { useFeed } from '../link/use-feed.ts';
import { Icon } from '../parts/icons.tsx';
import { useWords, type Word } from '../words/words.ts';
import { DeviceRoom, type RoomKeys, useRoom } from './device-room.tsx';
import { PlainSide } from './device-side.tsx';
import { ScaleSettings } from './scale-settings.tsx';
import { SpeedPane } from './speed-pane.tsx';

const stateWords: Readonly<Record<ScaleView['state'], Word>> = {
  notSet: 'dslNone',
  looking: 'dsLooking',
  trouble: 'dslNone',
  moving: 'dslMoving',
  stable: 'dslStableNow',
  negative: 'dslNegative',
  overload: 'dslOverload',
  underload: 'dslUnderload',
};

/** A packet of 1 kg with its bag, read to the gram or to five of them. */
const isOneKilo = (milli: Milli): boolean => milli >= 980 && milli <= 1_030;

function LiveWeight({ isProving }: { readonly isProving: boolean }) {
  const { say } = useWords();
  const view = useFeed('weight', (till, _, options) => till.scale.feed(undefined, options));
  const weight = view?.weightMilli ?? null;
  const isRight = view?.state === 'stable' && weight !== null && isOneKilo(weight);
  const isWrong = view?.state === 'stable' && weight !== null && weight > 50 && !isRight;
  return (
    <div className="bm-dweight" data-testid="live-weight">
      <b className="bm-display">{weight === null ? '–' : formatQty(weight, 'kg')}</b>
      <span>kg</span>
      <p role="status">{say(stateWords[view?.state ?? 'notSet'])}</p>
      {isProving && (isRight || isWrong) ? (
        <p className={isRight ? 'bm-hint bm-good-text' : 'bm-hint bm-bad-text'} role="status" data-testid="proof">
          <Icon name={isRight ? 'checkRound' : 'alert'} size={18} />
          {say(isRight ? 'dslRight' : 'dslWrong')}
        </p>
      ) : null}
    </div>
  );
}

export function ScaleRoom({ keys }: { readonly keys: RoomKeys }) {
  const { say } = useWords();
  const room = useRoom();
  const [picked, setPicked] = useState<WireTargetInput | null>(null);
  const [saves, setSaves] = useState(0);
  const [isProving, setProving] = useState(false);
  const set = useAnswer({ saves }, (till) => till.scale.setting());
  const setting = set?.ok === true ? set.value : null;
  const take = (way: Way): void => {
    setPicked(null);
    if (way.id === 'settings') room.open('settings');
    else if (way.id === 'findSpeed') room.open('speed');
    else if (way.id === 'test') setProving(true);
    else keys.again();
  };
  const pick = (target: WireTargetInput): void => {
    setPicked(target);
    room.open('speed');
  };
  const saved = (): void => {
    room.close();
    room.tell(say('dfSaved'));
    setSaves((now) => now + 1);
  };
  const keep = async (next: ScaleSetting | null): Promise<void> => {
    const answer = await ask((till) => till.scale.set(next));
    if (room.ended(answer)) saved();
  };
  const pane = room.pane?.kind === 'own' ? room.pane.name : null;
  const target = picked ?? setting?.target ?? null;
  return (
    <DeviceRoom
      keys={keys}
      room={room}
      take={take}
      pick={pick}
      unset={() => void keep(null)}
      own={
        pane === 'speed' && target !== null ? (
          <SpeedPane
            target={target}
            onTake={(found) => void keep(found)}
            onByHand={() => room.open('settings')}
            back={room.close}
            onScan={keys.onScan}
          />
        ) : (
          <ScaleSettings picked={picked} onSaved={saved} />
        )
      }
      side={
        <PlainSide kind="scale">
          <LiveWeight isProving={isProving} />
        </PlainSide>
      }
    />
  );
}
