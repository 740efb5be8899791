/** Backup's methods, each tied to what answers it. Rule kept: the owner says where copies go; a blank till asks nobody. */
import type { CallContext } from './context.ts';
import { findPlaces } from './backup/find-places.ts';
import { atLeast, os, settingUp, signedIn } from './edge.ts';
import { makeFeed } from './feed.ts';
import { backUpNow, restoreHere, setBackupFolder } from './use-cases/backup.ts';
import { renewRecovery } from './use-cases/staff.ts';

type Restoring = { readonly doing: string; readonly done: number; readonly total: number } | null;
const restoring = new WeakMap<CallContext['till'], ReturnType<typeof makeFeed<Restoring>>>();
function feedOf(till: CallContext['till']) {
  const there = restoring.get(till) ?? makeFeed<Restoring>();
  restoring.set(till, there);
  return there;
}

export const backupRoutes = {
  state: os.backup.state.handler(({ context }) => {
    signedIn(context);
    return context.till.backup.view();
  }),
  feed: os.backup.feed.handler(({ context, signal }) =>
    context.till.backup.feed.subscribe(() => context.till.backup.view(), signal),
  ),
  places: os.backup.places.handler(({ context }) => {
    atLeast(context, 'owner');
    return findPlaces(context.till.tables.shop.dir);
  }),
  setFolder: os.backup.setFolder.handler(({ context, input }) => {
    atLeast(context, 'owner');
    return setBackupFolder(context.till, input.folder);
  }),
  runNow: os.backup.runNow.handler(({ context }) => {
    signedIn(context);
    return backUpNow(context.till);
  }),
  newCode: os.backup.newCode.handler(({ context }) => renewRecovery(context.till, atLeast(context, 'owner').id)),
  restore: os.backup.restore.handler(({ context, input }) => {
    settingUp(context);
    const feed = feedOf(context.till);
    return restoreHere(context.till, input, (progress) => feed.publish(progress));
  }),
  restoring: os.backup.restoring.handler(({ context, signal }) => feedOf(context.till).subscribe(() => null, signal)),
};
