/** How a till stands, in the order a person should look. Rule kept: troubled first; the state is the server's, not guessed. */
import type { TillStateView } from '#contract/server.ts';
import type { ChipLook } from './office-pieces.tsx';
import type { IconName } from '../parts/icons.tsx';
import type { OfficeWord } from './office-words.ts';

type Shown = {
  readonly word: OfficeWord;
  readonly look: ChipLook;
  readonly icon: IconName;
  readonly order: number;
};

export function tillState(till: TillStateView): Shown {
  if (till.state === 'revoked') return { word: 'sRevoked', look: 'quiet', icon: 'offline', order: 5 };
  if (till.state === 'reused') return { word: 'sKeyTwice', look: 'bad', icon: 'alert', order: 0 };
  if (till.state === 'lapsed') return { word: 'sNotHeard', look: 'bad', icon: 'alert', order: 0 };
  if (till.refused > 0) return { word: 'sLook', look: 'warn', icon: 'look', order: 2 };
  if (till.lastSeenMs === null) return { word: 'sNever', look: 'quiet', icon: 'offline', order: 3 };
  if (till.state === 'quiet') return { word: 'sOffline', look: 'quiet', icon: 'offline', order: 1 };
  return { word: 'sAllHere', look: 'good', icon: 'check', order: 4 };
}

/** It waits for a person. */
export const needsLook = (till: TillStateView): boolean => till.state !== 'revoked' && tillState(till).order < 3;

export const byTrouble = (tills: readonly TillStateView[]): readonly TillStateView[] =>
  [...tills].sort(
    (a, b) =>
      tillState(a).order - tillState(b).order ||
      a.storeName.localeCompare(b.storeName) ||
      a.name.localeCompare(b.name) ||
      a.tillId.localeCompare(b.tillId),
  );

export const hasDifference = ({ audit }: TillStateView): boolean => audit !== null && audit.differing.length > 0;

/** A publication of prices has not arrived whole. */
export const lacksPrices = ({ state, prices }: TillStateView): boolean =>
  state !== 'revoked' && prices.have < prices.all;

/** What the till found when it last compared what it has with what head office has for it. */
export const checkWord = (till: TillStateView): OfficeWord =>
  till.audit === null ? 'checkNotYet' : hasDifference(till) ? 'checkDiffers' : 'checkAgrees';
