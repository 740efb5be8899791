/** A person's role and what it shows, in words. Rule kept: a store is called by its name, never by an id. */
import type { AccountView, OrgView } from '#contract/server.ts';
import type { OfficeSay } from './office-words.ts';

type Place = Pick<AccountView, 'role' | 'region' | 'storeId'>;

export const roleName = (role: AccountView['role'], say: OfficeSay): string =>
  say(role === 'chain' ? 'roleNameChain' : role === 'region' ? 'roleNameRegion' : 'roleNameStore');

export function seesText(place: Place, org: OrgView | null, say: OfficeSay): string {
  if (place.role === 'chain') return say('seesAll');
  if (place.role === 'region') return say('seesRegion', { region: place.region ?? '' });
  const stores = (org?.regions ?? []).flatMap((region) => region.stores);
  return stores.find((store) => store.storeId === place.storeId)?.name ?? '';
}
