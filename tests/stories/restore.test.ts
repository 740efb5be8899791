/** A shop by itself: copies to a stick, the disk is lost, a blank PC sells on from the stick in a new series. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { instant } from '#core/time.ts';
import { restoreFrom } from '#till/backup/restore-from.ts';
import { makeFolder, seededBytes } from '../fixtures/sample-shop.ts';
import { assemble } from '#till/assemble.ts';
import { createRouterClient } from '@orpc/server';
import { tillRouter } from '#till/router.ts';
import {
  codes,
  type Desk,
  openCounter,
  openDesk,
  pins,
  refusalOf,
  sell,
  start,
  type TillClient,
} from '../fixtures/till-desk.ts';

const root = makeFolder();
afterAll(root.remove);
let folders = 0;
const folder = (): string => join(root.dir, `f${(folders += 1)}`);
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Shop = { readonly desk: Desk; readonly stick: string; readonly code: string };
/** A counter with a stick; the recovery code as it was printed. */
async function shopWithStick(): Promise<Shop> {
  const desk = await openDesk();
  closing.push(desk.close);
  const stick = folder();
  mkdirSync(stick);
  await openCounter(desk);
  await desk.signIn('owner');
  const { recoveryCode } = await desk.rpc.backup.newCode();
  await desk.rpc.backup.setFolder({ folder: stick });
  await desk.signIn('cashier');
  return { desk, stick, code: recoveryCode };
}
const clock = { now: () => instant(start + 3_600_000) };
let seed = 100;
const restore = (shopDir: string, path: string, code: string) =>
  restoreFrom({ shopDir, from: { kind: 'file', path, code }, clock, randomBytes: seededBytes((seed += 1)) });

/** The restored folder opened as a till; the cashier is signed in. */
async function openRestored(
  shopDir: string,
): Promise<{ readonly rpc: TillClient; readonly close: () => Promise<void> }> {
  const till = await assemble({ shopDir, clock, randomBytes: seededBytes((seed += 1)), uptimeMs: () => 0 });
  const connection = till.connect();
  const rpc = createRouterClient(tillRouter, { context: () => ({ till: till.context, connection }) }) as TillClient;
  closing.push(till.close);
  const cashier = (await rpc.staff.list()).find((one) => one.name === 'Meena');
  await rpc.staff.signIn({ staffId: cashier?.id ?? ('' as never), pin: pins.cashier });
  return { rpc, close: till.close };
}

describe('a shop with a stick', () => {
  it('sells on from the last copy in a new series, also when it is lost a second time', async () => {
    const { desk, stick, code } = await shopWithStick();
    for (let i = 0; i < 3; i += 1) await sell(desk.rpc, codes.soap);
    await desk.till().context.backup.runNow();
    const view = await desk.rpc.backup.state();
    expect(view).toMatchObject({ hasCode: true, isLate: false, trouble: { folder: null }, running: null });
    expect(view.last.folder?.seq).toBeGreaterThan(3);
    const lost = await sell(desk.rpc, codes.soap);
    expect(lost.number).toBe('K3T1/2627/00004');
    await desk.till().close();

    const blank = folder();
    const restored = await restore(blank, stick, code.toLowerCase());
    expect(restored).toMatchObject({
      ok: true,
      value: { shopName: 'Sharma Kirana', oldSeries: 'K3T1', series: 'K3TA', bills: 3 },
    });
    const { rpc, close } = await openRestored(blank);
    expect((await sell(rpc, codes.salt)).number).toBe('K3TA/2627/00001');
    expect(await rpc.bill.find({ text: 'K3T1/2627/00003', limit: 5 })).toMatchObject([{ number: 'K3T1/2627/00003' }]);
    expect((await rpc.backup.state()).folder).toBe(stick);
    await close();

    // Lost again before it made a copy: the stick still has the old one only, but knows that K3TA was given.
    const again = await restore(folder(), stick, code);
    expect(again).toMatchObject({ ok: true, value: { series: 'K3TB' } });
  }, 30_000);

  it('is refused in words and leaves everything alone: wrong code, torn file, nothing there, a shop that is there', async () => {
    const { desk, stick, code } = await shopWithStick();
    await sell(desk.rpc, codes.soap);
    await desk.till().context.backup.runNow();
    const [name = ''] = readdirSync(stick);
    const blank = folder();
    expect(await restore(blank, stick, 'ABCD-EFGH-JKMN-PQRS-TVWX')).toEqual({ ok: false, error: 'wrongCode' });
    expect(await restore(blank, join(stick, 'none'), code)).toEqual({ ok: false, error: 'noBackup' });
    const torn = join(stick, 'torn.bmbackup');
    const bytes = readFileSync(join(stick, name));
    writeFileSync(torn, bytes.subarray(0, bytes.length - 100));
    expect(await restore(blank, torn, code)).toEqual({ ok: false, error: 'cutShort' });
    writeFileSync(torn, 'holiday pictures');
    expect(await restore(blank, torn, code)).toEqual({ ok: false, error: 'notABackup' });
    expect(existsSync(join(blank, 'shop.db'))).toBe(false);
    const before = readFileSync(join(desk.dir(), 'shop.db'));
    expect(await restore(desk.dir(), stick, code)).toEqual({ ok: false, error: 'shopThere' });
    expect(readFileSync(join(desk.dir(), 'shop.db')).equals(before)).toBe(true);
    // The newest is torn: the one before is taken, and it is told.
    writeFileSync(torn, Buffer.concat([bytes.subarray(0, bytes.length - 5), Buffer.from('12345')]));
    rmSync(join(stick, name));
    writeFileSync(join(stick, 'an-older.bmbackup'), bytes);
    expect(await restore(blank, stick, code)).toMatchObject({ ok: true });
  }, 30_000);

  it('keeps the last copies, tells that the stick is missing, and goes on when it is back', async () => {
    const { desk, stick } = await shopWithStick();
    const { backup, settings } = desk.till().context;
    settings.save({ backup: { folder: stick, keep: 2 } });
    for (let day = 0; day < 4; day += 1) {
      await sell(desk.rpc, codes.soap);
      await backup.look();
      desk.moveClock(25 * 3_600_000);
    }
    expect(readdirSync(stick).filter((name) => name.endsWith('.bmbackup'))).toHaveLength(2);
    await sell(desk.rpc, codes.soap);
    rmSync(stick, { recursive: true });
    await backup.look();
    expect(await desk.rpc.backup.state()).toMatchObject({ trouble: { folder: 'folderMissing' }, isLate: true });
    mkdirSync(stick);
    await backup.look();
    expect(readdirSync(stick)).toEqual([]);
    desk.moveClock(11 * 60_000);
    await backup.look();
    expect(await desk.rpc.backup.state()).toMatchObject({ trouble: { folder: null }, isLate: false });
    // Nothing was sold since: no copy is made for its own sake.
    desk.moveClock(30 * 3_600_000);
    await backup.look();
    expect(readdirSync(stick)).toHaveLength(1);
    expect(await desk.rpc.backup.state()).toMatchObject({ isLate: false });
  }, 30_000);

  it('takes no folder that would not help', async () => {
    const { desk } = await shopWithStick();
    await desk.signIn('owner');
    const refused = async (path: string) => refusalOf(desk.rpc.backup.setFolder({ folder: path }));
    expect(await refused('stick')).toMatchObject({ reason: 'notAbsolute' });
    expect(await refused(join(desk.dir(), 'backups'))).toMatchObject({ reason: 'inShop' });
    expect(await refused(join(root.dir, 'nowhere'))).toMatchObject({ reason: 'notThere' });
    await desk.signIn('cashier');
    expect(await refused(root.dir)).toMatchObject({ type: 'RoleNeeded' });
  }, 30_000);
});
