/**
 * Puts a till together on a shop's folder: tables, cart, spool, feeds, router. Rule kept: everything is
 * built here and handed in; hosts (plain Node, Electron, tests) only connect links to it. Opening is quick:
 * nothing that can wait (fonts, file check, folding) happens before the first scan.
 */
import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { RPCHandler as PortHandler } from '@orpc/server/message-port';
import { parseRateTable } from '#core/gst/rate-table.ts';
import { incidentId, makeIds, type RandomBytes, type Uuid } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';
import { businessDateOf, type Clock, instant } from '#core/time.ts';
import { type OpenRefusal, openShop } from '#db/open.ts';
import { takeRestored } from '#db/restored.ts';
import { findModel } from '#hardware/printer/models.ts';
import { openPrinter } from '#hardware/printer/open-printer.ts';
import type { Printer } from '#hardware/printer/port.ts';
import type { DevicesView, ShiftState, TillStatus } from '#contract/views.ts';
import { assetsFolder } from './assets-folder.ts';
import { becomeKnown } from './backup/become-known.ts';
import { makeBackupDesk } from './backup/backup-desk.ts';
import { makeCartHost } from './cart-host.ts';
import { makeBillingClock } from './clock.ts';
import type { CallContext, Connection, TillContext } from './context.ts';
import { makeCustomerFeed } from './customer-feed.ts';
import { customerRouter } from './customer-routes.ts';
import { addDemoItems } from './demo-shop.ts';
import { diskError } from './disk.ts';
import { makeCounterDevices } from './devices/counter-devices.ts';
import { customerScreenDesk } from './devices/customer-screen.ts';
import { makeFinder } from './devices/find.ts';
import { eitherDisplay } from './devices/either-display.ts';
import { makeLabelPrinter } from './devices/label-printer.ts';
import { openDevices } from './devices/open-devices.ts';
import { makeScanners } from './devices/scanner.ts';
import { systemWires } from './devices/system-wires.ts';
import { printerView, usedTargets } from './devices/facts.ts';
import { makeFeed } from './feed.ts';
import { makeForecastDesk } from './forecast/forecast-desk.ts';
import { openShopModels } from './models/shop-models.ts';
import { type Housekeeping, startHousekeeping } from './housekeeping.ts';
import { makeIdBytes } from './id-bytes.ts';
import { makeImports } from './imports.ts';
import { logEvent, logFault } from './log.ts';
import { openWords } from './open-words.ts';
import { makePaper } from './paper.ts';
import { makeRateLookup, pricingOf } from './pricing.ts';
import { restoreCart, writeLots } from './restore-cart.ts';
import { tillRouter } from './router.ts';
import { defaultShopDir } from './shop-folder.ts';
import { freshShop, makeShopSettings, type ShopRecord } from './shop-settings.ts';
import { makeSpool } from './spool.ts';
import { makeSyncDesk } from './sync/sync-desk.ts';
import { openTables, type Tables } from './tables.ts';
import { joinHeadOffice } from './use-cases/join-head-office.ts';
import { publishDevices } from './use-cases/device.ts';
import { publishStatus, setTrouble } from './use-cases/window.ts';
import { upiRequest } from './upi-request.ts';

export type AssembleOptions = {
  readonly shopDir?: string | undefined;
  readonly clock?: Clock | undefined;
  readonly randomBytes?: RandomBytes | undefined;
  /** Milliseconds since the till started, by a clock nobody can set. */
  readonly uptimeMs?: (() => number) | undefined;
  /** See sync/sync-desk.ts. */
  readonly beatMs?: number | undefined;
  /** The thread in which models run, where it is not the usual one. */
  readonly modelProgram?: URL | undefined;
};

type Port = Parameters<PortHandler<CallContext>['upgrade']>[0];

export type Till = {
  readonly context: TillContext;
  /** A link's own state; every window and script has one. */
  readonly connect: () => Connection;
  readonly disconnect: (connection: Connection) => void;
  /** Serves the contract over a MessagePort (Electron). */
  readonly upgrade: (port: Port) => void;
  /** The same for a customer's screen, which can call nothing but its feed. */
  readonly upgradeCustomer: (port: Port) => void;
  readonly close: () => Promise<void>;
};

/** In the bundle each worker is a file of its own beside it (tools/build.ts). */
const workerUrl = (name: string): URL | undefined =>
  import.meta.url.endsWith('.mjs') ? new URL(`${name}.mjs`, import.meta.url) : undefined;

const systemClock: Clock = { now: () => instant(Date.now()) };
/** A cart that could not be saved (disk full) is tried again this often. */
const saveAgainMs = 2_000;
const nobody = '00000000-0000-7000-8000-000000000000' as Uuid;

/** Opens the shop or throws an Error whose message is the sentence to show; see tryAssemble. */
export async function assemble(options: AssembleOptions): Promise<Till> {
  const till = await tryAssemble(options);
  if (!till.ok) throw new Error(openWords(till.error).en);
  return till.value;
}

export async function tryAssemble(options: AssembleOptions): Promise<Result<Till, OpenRefusal>> {
  const shopDir = options.shopDir ?? defaultShopDir({ platform: process.platform, env: process.env, home: homedir() });
  const clock = options.clock ?? systemClock;
  const randomBytes = options.randomBytes ?? nodeRandomBytes;
  if (takeRestored(shopDir)) logEvent('info', 'shopRestored', {});
  const opened = openShop(shopDir, { clock, randomBytes });
  if (!opened.ok) return err(opened.error);
  const shop = opened.value;
  const tables = openTables(shop);
  const newId = makeIds(clock, options.randomBytes ?? makeIdBytes());
  const settings = makeShopSettings(tables.settings, () => freshShop(newId(), newId()));
  if (tables.taxRates.count() === 0) seedRates(tables);

  const billingClock = makeBillingClock(clock, tables.bills.lastOccurredAtMs());
  const today = () => businessDateOf(clock.now(), settings.get().day);
  const rates = makeRateLookup(tables.taxRates);
  const pricingParts = { settings, rates, today };
  let heldCount = tables.carts.load().filter((c) => c.state === 'held').length;

  let isClosed = false;
  /**
   * Work that nobody waits for: its trouble is told and logged, never thrown, since a throw with no caller ends the
   * program. False when it failed.
   */
  const background = (what: string, work: () => void): boolean => {
    if (isClosed) return true;
    try {
      work();
      return true;
    } catch (error) {
      const disk = diskError(error);
      if (disk === null) logFault('background', what, error);
      else setTrouble(context, disk.type === 'DiskFull' ? 'diskFull' : 'diskReadOnly');
      return false;
    }
  };

  const cart = makeCartHost(
    {
      newId,
      now: clock.now,
      today,
      pricingOf: (c) => pricingOf(pricingParts, c),
      stockOf: tables.stock.onHand,
      upiOf: (c, due) => upiRequest(settings.get(), c, due),
      save: (body, state) => {
        tables.carts.save({ id: body.cart.id, state, json: JSON.stringify(body), savedAtMs: clock.now() });
        if (state === 'held') heldCount += 1;
      },
      // Off the path: a bill that is on disk is answered whatever the cart's own file says; restoreCart mends.
      remove: (id) => void background('cartRemove', () => tables.carts.remove(id)),
      heldCount: () => heldCount,
      later: (work, ms) => {
        const attempt = (): void => {
          if (!background('cartSave', work)) timer = setTimeout(attempt, saveAgainMs);
        };
        let timer = setTimeout(attempt, ms);
        return () => clearTimeout(timer);
      },
    },
    nobody,
  );

  const startedMs = performance.now();
  const connections = new Set<Connection>();
  const paper = makePaper({ tables, settings, clock });
  const lots = new Map<Uuid, Uuid>();
  const status: TillStatus = { isReady: true, progress: null, toSend: 0, trouble: 'none', activeWindowId: null };

  const customer = makeCustomerFeed({
    cart,
    shop: settings.get,
    clock,
    onWindows: () => background('customerScreens', () => void publishDevices(context)),
    onFault: (error) => logFault(incidentId(randomBytes), 'customer.feed', error),
  });

  const scanners = makeScanners({
    settings,
    newId,
    onChange: () => background('scanners', () => void publishDevices(context)),
    onFull: () => logEvent('error', 'scansNotTaken', {}),
  });

  const labels = makeLabelPrinter({
    settings,
    shopDir,
    onChange: () => background('labels', () => void publishDevices(context)),
    onFault: (error) => logFault('labels', 'print', error),
  });
  const { scale, pole, drawer } = makeCounterDevices({
    settings,
    cart,
    clock,
    drawerOnPrinter: () => ({ ...printerView(context), kind: 'drawer', trouble: null, place: null }),
    onChange: () => background('counterDevices', () => void publishDevices(context)),
    onFault: (error) => logFault(incidentId(randomBytes), 'counterDevices', error),
  });

  const models = openShopModels({
    shopDir,
    tables,
    clock,
    server: () => context.sync.server(),
    program: options.modelProgram,
  });
  const context: TillContext = {
    tables,
    clock,
    newId,
    randomBytes,
    uptimeMs: options.uptimeMs ?? (() => performance.now() - startedMs),
    pinsSeen: new Map(),
    settings,
    cart,
    customer,
    spool: makeSpool({
      jobs: tables.printJobs,
      clock,
      open: () => openConfigured(shopDir, settings.get()),
      encode: (job) => paper.encode(job),
      onState: () => publishDevices(context),
      onFault: (error) => logFault(incidentId(randomBytes), 'spool.print', error),
      retryMs: 3_000,
      watchMs: 1_500,
    }),
    imports: makeImports({
      items: tables.items,
      stock: tables.stock,
      taxRates: tables.taxRates,
      transact: tables.transact,
      newId,
      clock,
      businessDate: today,
      onAdded: (importId, added) => {
        tables.journal.append('itemsImported', importId, clock.now(), JSON.stringify({ added }));
        // New items borrow their category's rate; after the import's own transaction.
        setImmediate(() => background('afterImport', () => void context.forecast.start('afterImport')));
      },
    }),
    logins: new Map(),
    hardware: openDevices([
      scanners.desk,
      scale,
      eitherDisplay(customerScreenDesk(customer.windows), pole),
      drawer,
      labels.desk,
    ]),
    labels,
    scale,
    pole,
    drawer,
    scanners,
    finder: makeFinder(systemWires(), () => usedTargets(settings.get())),
    status: { current: status, feed: makeFeed<TillStatus>() },
    devices: { current: noDevices, feed: makeFeed<DevicesView>() },
    sync: makeSyncDesk({
      tables,
      beatMs: options.beatMs,
      settings,
      random: Math.random,
      randomBytes,
      clock,
      newId,
      uptimeMs: () => performance.now(),
      onSent: () => publishStatus(context, { toSend: tables.journal.unsentCount() }),
      onReleases: () => void models.look(),
    }),
    backup: makeBackupDesk({
      tables,
      settings,
      clock,
      server: () => context.sync.server(),
      workerUrl: workerUrl('backup-worker'),
    }),
    models,
    forecast: makeForecastDesk({
      tables,
      models,
      clock,
      today,
      stateCode: () => settings.get().stateCode,
      isAlone: () => settings.get().headOffice === null,
      onFault: (error) => {
        const id = incidentId(randomBytes);
        logFault(id, 'forecast.job', error);
        return id;
      },
      workerUrl: workerUrl('forecast-worker'),
    }),
    shiftFeed: makeFeed<ShiftState>(),
    rates,
    paper,
    openWindows: () => new Set([...connections].flatMap((c) => (c.windowId === null ? [] : [c.windowId]))),
    addStarterItems: () => addDemoItems(context, false),
    vouchForClock: billingClock.vouch,
    today,
    billingNow: billingClock.now,
    toldOfDocument: (occurredAtMs) => {
      billingClock.told(occurredAtMs);
      housekeeping.busy();
      context.forecast.busy();
      setImmediate(() =>
        background('afterBill', () => {
          housekeeping.look();
          writeLots(tables, lots);
          context.sync.kick();
          publishStatus(context, {
            toSend: tables.journal.unsentCount(),
            trouble: afterBill(context.status.current.trouble),
          });
        }),
      );
    },
    heldChanged: () => {
      heldCount = tables.carts.load().filter((c) => c.state === 'held').length;
    },
    rememberLot: (itemId, batchId) => void lots.set(itemId, batchId),
  };
  const housekeeping: Housekeeping = startHousekeeping({
    tables,
    clock,
    onDamaged: () => publishStatus(context, { trouble: 'damaged' }),
    checkpointWorkerUrl: workerUrl('checkpoint-worker'),
    quickCheckWorkerUrl: workerUrl('quick-check-worker'),
  });
  restoreCart(context);
  const stopKnowing = becomeKnown(context, (url, code) => joinHeadOffice(context, url, code));
  publishStatus(context, { toSend: tables.journal.unsentCount() });
  context.spool.kick();

  const ports = new PortHandler<CallContext>(tillRouter);
  const customerPorts = new PortHandler<CallContext>(customerRouter);
  const noOne = (): Connection => ({ login: null, windowId: null });
  const connect = (): Connection => {
    const connection = noOne();
    connections.add(connection);
    return connection;
  };
  return ok({
    context,
    connect,
    disconnect: (connection) => {
      connections.delete(connection);
    },
    upgrade: (port) => ports.upgrade(port, { context: { till: context, connection: connect() } }),
    upgradeCustomer: (port) => customerPorts.upgrade(port, { context: { till: context, connection: noOne() } }),
    close: async () => {
      await context.hardware.close();
      await stopKnowing();
      await context.backup.close();
      await context.forecast.close();
      await models.close();
      await context.sync.close();
      await context.spool.close();
      await housekeeping.stop();
      background('close', () => writeLots(tables, lots));
      background('close', cart.saveNow);
      isClosed = true;
      shop.close();
    },
  });
}

/** A bill on disk proves that the disk takes writes again; it proves nothing about a damaged file. */
const afterBill = (trouble: TillStatus['trouble']): TillStatus['trouble'] => (trouble === 'damaged' ? trouble : 'none');

const noDevices: DevicesView = {
  printer: 'notSet',
  printerName: null,
  waitingJobs: 0,
  asideJobs: 0,
  isPaperLow: false,
  cutJob: null,
  isScalePresent: false,
  scaleMilli: null,
  customerWindows: 0,
  all: [],
};

function seedRates(tables: Tables): void {
  const parsed = parseRateTable(readFileSync(join(assetsFolder(), 'gst', 'rates.csv'), 'utf8'));
  if (!parsed.ok) throw new Error(`assets/gst/rates.csv: ${JSON.stringify(parsed.error)}`);
  tables.transact(() => tables.taxRates.put(parsed.value));
}

function openConfigured(shopDir: string, shop: ShopRecord): Printer | null {
  const model = findModel(shop.printerModel, shop.paperMm);
  if (shop.printer.kind === 'none') return null;
  if (shop.printer.kind !== 'file') return openPrinter(shop.printer, model);
  const path = isAbsolute(shop.printer.path) ? shop.printer.path : join(shopDir, shop.printer.path);
  return openPrinter({ kind: 'file', path, mode: 'folder' }, model);
}
