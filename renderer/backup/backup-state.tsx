/**
 * Backups in the top bar: only when there has been no good copy for a day. Rule kept: nothing while all is well.
 */
import type { BackupView } from '#contract/till-backup.ts';
import { useFeed } from '../link/use-feed.ts';
import { Icon } from '../parts/icons.tsx';
import type { Say } from '../words/words.ts';

export const useBackupView = (): BackupView | null =>
  useFeed('backup', (till, _, options) => till.backup.feed(undefined, options));

export function BackupState({ say }: { readonly say: Say }) {
  const view = useBackupView();
  if (view?.isLate !== true) return null;
  return (
    <span className="bm-top-item bm-top-warn" data-testid="backup-state">
      <Icon name="cloud" size={17} />
      {say('baLateShort')}
    </span>
  );
}
