/**
 * What waits for a person, each with the page where it is done. Rule kept: only what a person can do something about;
 * nothing to do is said, not left empty.
 */
import type { TillStateView, TodayView } from '#contract/server.ts';
import type { ReleaseView } from '#contract/releases.ts';
import type { OfficeTransfer } from '#contract/transfers.ts';
import { Icon, type IconName } from '../parts/icons.tsx';
import { type OfficeSay, useOffice } from './office-words.ts';
import { addressOf } from './route.ts';
import { ageText, heardMs } from './times.ts';

const shown = 7;
/** What came short longer ago has been looked at, or is in the list. */
const shortMs = 2 * 86_400_000;
const newMs = 7 * 86_400_000;
type Need = {
  readonly key: string;
  readonly look: 'bad' | 'warn' | 'info';
  readonly icon: IconName;
  readonly title: string;
  readonly help: string;
  readonly to: string;
};

/** A release of the last week that stores refuse, or that was taken back. */
function modelNeed(release: ReleaseView | null, nowMs: number, say: OfficeSay): readonly Need[] {
  if (release === null) return [];
  const { modelId, withdrawnAtMs, releasedAtMs, runs, refused } = release;
  if (nowMs - Math.max(releasedAtMs, withdrawnAtMs ?? 0) > newMs || (withdrawnAtMs === null && refused === 0))
    return [];
  return [
    {
      key: 'm',
      look: withdrawnAtMs === null ? 'info' : 'warn',
      icon: 'chart',
      title: say(withdrawnAtMs === null ? 'needModel' : 'needModelGone'),
      help: withdrawnAtMs === null ? say('needModelHelp', { runs, refused }) : say('needModelGoneHelp'),
      to: addressOf('models', modelId),
    },
  ];
}

export function NeedsYou({
  view,
  tills,
  cases,
  transfers,
  release,
}: {
  readonly view: TodayView;
  readonly tills: readonly TillStateView[] | null;
  /** How many proposals wait. */
  readonly cases: number;
  readonly transfers: readonly OfficeTransfer[];
  /** The newest forecast model. */
  readonly release: ReleaseView | null;
}) {
  const { say } = useOffice();
  const live = (tills ?? []).filter((till) => till.state !== 'revoked');
  const shutOutStores = new Set(live.filter((till) => till.state === 'reused').map((till) => till.storeId));
  const unheard = view.stores
    // One whose till was shut out is named for that.
    .filter((store) => store.figures === null && store.tills > 0 && !shutOutStores.has(store.storeId))
    // One that has just joined has nothing to tell yet.
    .filter((store) => store.lastSeenMs === null || view.atMs - store.lastSeenMs >= heardMs)
    .map(
      (store): Need => ({
        key: `u${store.storeId}`,
        look: 'bad',
        icon: 'offline',
        title:
          store.lastSeenMs === null
            ? say('needNever', { store: store.name })
            : say('needUnheard', { store: store.name, age: ageText(view.atMs - store.lastSeenMs, say) }),
        help: store.lastSeenMs === null ? say('needNeverHelp') : say('needUnheardHelp'),
        to: addressOf('stores', store.storeId),
      }),
    );
  const shutOut = live
    .filter((till) => till.state === 'reused')
    .map(
      (till): Need => ({
        key: `k${till.tillId}`,
        look: 'bad',
        icon: 'alert',
        title: say('needKeyTwice', { store: `${till.storeName}, ${till.name}` }),
        help: say('needKeyTwiceHelp'),
        to: addressOf('stores', till.storeId),
      }),
    );
  const refused = live
    .filter((till) => till.refused > 0)
    .map(
      (till): Need => ({
        key: `r${till.tillId}`,
        look: 'warn',
        icon: 'look',
        title: say('needRefused', { store: `${till.storeName}, ${till.name}`, count: till.refused }),
        help: say('needRefusedHelp'),
        to: addressOf('sync', till.tillId),
      }),
    );
  const bare = view.stores.filter((store) => store.tills === 0);
  const noTill: readonly Need[] =
    bare.length === 0
      ? []
      : [
          {
            key: 'n',
            look: 'info',
            icon: 'plus',
            title:
              bare.length === 1
                ? say('needNoTill', { store: bare[0]?.name ?? '' })
                : say('needNoTills', { count: bare.length }),
            help: say('needNoTillHelp'),
            to: bare.length === 1 ? addressOf('stores', bare[0]?.storeId) : addressOf('stores'),
          },
        ];
  const proposed: readonly Need[] =
    cases === 0
      ? []
      : [
          {
            key: 'p',
            look: 'warn',
            icon: 'look',
            title: say('needProposals', { count: cases }),
            help: say('needProposalsHelp'),
            to: addressOf('proposals'),
          },
        ];
  const short = transfers
    .filter((one) => one.hasConflict || (one.hasVariance && view.atMs - one.changedAtMs < shortMs))
    .map(
      (one): Need => ({
        key: `t${one.transferId}`,
        look: one.hasConflict ? 'bad' : 'warn',
        icon: 'truck',
        title: say(one.hasConflict ? 'needConflict' : 'needShort'),
        help: say('needShortHelp', { from: one.fromName, to: one.toName }),
        to: addressOf('transfers', one.transferId),
      }),
    );
  const needs = [
    ...shutOut,
    ...unheard,
    ...refused,
    ...short,
    ...proposed,
    ...modelNeed(release, view.atMs, say),
    ...noTill,
  ];
  return (
    <section className="ho-card ho-needs" aria-label={say('needsYou')} data-testid="needs">
      <h2>{needs.length > shown ? say('needsSome', { shown, all: needs.length }) : say('needsYou')}</h2>
      {needs.length === 0 ? (
        <p className="ho-calm">
          <Icon name="checkRound" />
          {say('nothingNeeds')}
        </p>
      ) : (
        needs.slice(0, shown).map((need) => (
          <a key={need.key} className="ho-need" href={need.to}>
            <span className={`ho-mark ho-mark-${need.look}`}>
              <Icon name={need.icon} />
            </span>
            <span>
              <b>{need.title}</b>
              <small>{need.help}</small>
            </span>
          </a>
        ))
      )}
    </section>
  );
}
