/**
 * Head office in the top bar, in words: nothing while all is well. Rule kept: colour only when a person is to do
 * something: after 30 days away, or where something was kept aside; being offline is no trouble.
 */
import type { SyncView } from '#contract/till-sync.ts';
import { useFeed } from '../link/use-feed.ts';
import { Icon } from '../parts/icons.tsx';
import type { Say, Word } from '../words/words.ts';

export const useSyncView = (): SyncView | null =>
  useFeed('sync', (till, _, options) => till.sync.feed(undefined, options));

/** Fewer are learnt before anybody could type one of them. */
const manyGoods = 1_000;

/** Why head office asks for a code again. */
export function shutOutWord(why: SyncView['shutOut']): Word {
  switch (why) {
    case 'revoked':
      return 'syShutRevoked';
    case 'reused':
      return 'syShutReused';
    case 'lapsed':
      return 'syLongAway';
    case 'unknown':
    case 'expired':
    case null:
      return 'syShutUnknown';
  }
}

/** The sentence of screens.md §6; null when there is nothing to say. */
export function syncSentence(view: SyncView, say: Say): { readonly text: string; readonly isTrouble: boolean } | null {
  if (view.state === 'notJoined') return null;
  // Why stands in the panel; the bar has room for what it means.
  if (view.state === 'notEnrolled') return { text: say('syShutOut'), isTrouble: true };
  if (view.isLongAway) return { text: say('syLongAway'), isTrouble: true };
  if (view.refused > 0) return { text: say('syKeptAside', { count: view.refused }), isTrouble: true };
  if (view.state === 'waiting') return { text: say('syOffline', { count: view.billsToSend }), isTrouble: false };
  if (view.isCatalogueComing) return { text: say('syGoodsComing'), isTrouble: false };
  if (view.searchWaits >= manyGoods)
    return { text: say('sySearchLearns', { count: view.searchWaits }), isTrouble: false };
  return null;
}

export function SyncState({ say }: { readonly say: Say }) {
  const view = useSyncView();
  const sentence = view === null ? null : syncSentence(view, say);
  if (sentence === null) return null;
  return (
    <span className={sentence.isTrouble ? 'bm-top-item bm-top-warn' : 'bm-top-item'} data-testid="sync-state">
      <Icon name="cloud" size={17} />
      {sentence.text}
    </span>
  );
}
