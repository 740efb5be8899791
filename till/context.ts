/**
 * What every use case is handed: the shop's tables, clock, ids, feeds and the open cart. Rule kept: all
 * state of the till hangs here, so two tills in one process (tests) share nothing. Built by assemble.ts.
 */
import type { Clock, BusinessDate, Instant } from '#core/time.ts';
import type { NewId, RandomBytes } from '#core/ids.ts';
import type { DevicesView, Role, ShiftState, TillStatus } from '#contract/views.ts';
import type { Uuid } from '#core/ids.ts';
import type { Language } from '#contract/views.ts';
import type { BackupDesk } from './backup/backup-desk.ts';
import type { CartHost } from './cart-host.ts';
import type { CustomerFeed } from './customer-feed.ts';
import type { Finder } from './devices/find.ts';
import type { LabelPrinterDesk } from './devices/label-printer.ts';
import type { Devices } from './devices/open-devices.ts';
import type { Scanners } from './devices/scanner.ts';
import type { DrawerDesk } from './devices/drawer.ts';
import type { PoleDesk } from './devices/pole.ts';
import type { ScaleDesk } from './devices/scale.ts';
import type { Feed } from './feed.ts';
import type { ForecastDesk } from './forecast/forecast-desk.ts';
import type { ModelDesk } from './models/model-desk.ts';
import type { Paper } from './paper.ts';
import type { Imports } from './imports.ts';
import type { RateLookup } from './pricing.ts';
import type { ShopSettings } from './shop-settings.ts';
import type { Spool } from './spool.ts';
import type { SyncDesk } from './sync/sync-desk.ts';
import type { Tables } from './tables.ts';

export type Login = {
  readonly id: Uuid;
  readonly name: string;
  readonly role: Role;
  readonly language: Language;
  readonly token: string;
};

/** One window or script at the other end of a link. */
export type Connection = {
  login: Login | null;
  windowId: string | null;
};

export type TillContext = {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly randomBytes: RandomBytes;
  /** Milliseconds since this till started, by a clock that nobody can set. */
  readonly uptimeMs: () => number;
  /** By what wrong PINs are counted for: uptimeMs when its count was last written; a lock is counted down from there. */
  readonly pinsSeen: Map<string, number>;
  readonly settings: ShopSettings;
  readonly cart: CartHost;
  readonly customer: CustomerFeed;
  readonly spool: Spool;
  readonly imports: Imports;
  readonly logins: Map<string, Login>;
  readonly status: { current: TillStatus; readonly feed: Feed<TillStatus> };
  readonly hardware: Devices;
  readonly labels: LabelPrinterDesk;
  readonly scale: ScaleDesk;
  readonly pole: PoleDesk;
  readonly drawer: DrawerDesk;
  readonly scanners: Scanners;
  readonly finder: Finder;
  readonly devices: { current: DevicesView; readonly feed: Feed<DevicesView> };
  readonly sync: SyncDesk;
  readonly backup: BackupDesk;
  readonly forecast: ForecastDesk;
  readonly models: ModelDesk;
  readonly shiftFeed: Feed<ShiftState>;
  readonly rates: RateLookup;
  readonly paper: Paper;
  readonly openWindows: () => ReadonlySet<string>;
  readonly addStarterItems: () => number;
  readonly vouchForClock: (nowMs: Instant) => void;
  readonly today: () => BusinessDate;
  /** A document was committed: shift totals and the status bar may have changed. */
  readonly toldOfDocument: (occurredAtMs: Instant) => void;
  /** Held carts were added or removed. */
  readonly heldChanged: () => void;
  /** Remembers, off the billing path, which lot of an item was sold last. */
  readonly rememberLot: (itemId: Uuid, batchId: Uuid) => void;
  /** Now, never before the last committed document; refuses a clock that is plainly wrong (ClockWrong). */
  readonly billingNow: () => Instant;
};

/** What a handler sees of its caller. */
export type CallContext = { readonly till: TillContext; readonly connection: Connection };
