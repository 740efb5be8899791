/** Paper leaves by a side door: no printer trouble reaches a bill, a job prints once, a copy says so. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCanvas } from '@napi-rs/canvas';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Uuid } from '#core/ids.ts';
import { makeEmulator } from '#hardware/printer/emulator.ts';
import { type PrintedReceipt, printedText } from '#hardware/printer/emulator-paper.ts';
import { startEmulatorServer } from '#hardware/printer/emulator-server.ts';
import {
  codes,
  type Desk,
  newKey,
  openCounter,
  openDesk,
  refusalOf,
  sell,
  type TillClient,
} from '../fixtures/till-desk.ts';

let desk: Desk;
let rpc: TillClient;
beforeEach(async () => {
  desk = await openDesk();
  rpc = desk.rpc;
  await openCounter(desk);
});
afterEach(() => desk.close());

type Target = Parameters<TillClient['device']['setPrinter']>[0]['target'];
const setPrinter = async (target: Target) => {
  await desk.signIn('owner');
  const view = await rpc.device.setPrinter({ target, widthMm: 80 });
  await desk.signIn('cashier');
  return view;
};
const printed = (bytes: Uint8Array): string => {
  const emulator = makeEmulator({ widthDots: 576 });
  emulator.feed(bytes);
  return [...emulator.receipts(), emulator.current()].flatMap(printedText).join('\n');
};
const textOf = (receipts: readonly PrintedReceipt[]): string => receipts.flatMap(printedText).join('\n');
const until = async (isDone: () => boolean | Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 400; i += 1) {
    if (await isDone()) return;
    await sleep(10);
  }
  throw new Error('waited in vain');
};

describe('a folder as the printer', () => {
  it('gets one file for each bill; a reprint says DUPLICATE; a test print works', async () => {
    expect(await refusalOf(rpc.device.testPrint())).toEqual({ type: 'PrinterNotSet' });
    expect(await refusalOf(rpc.bill.reprint({ key: newKey(), id: null }))).toEqual({ type: 'PrinterNotSet' });
    await setPrinter({ kind: 'file', path: 'receipts' });
    const files = () => readdirSync(join(desk.dir(), 'receipts')).toSorted();
    const paper = (i: number) => printed(readFileSync(join(desk.dir(), 'receipts', files()[i] ?? '')));
    const bill = await sell(rpc, codes.soap);
    await sell(rpc, codes.salt);
    await desk.till().context.spool.idle();
    expect(files()).toHaveLength(2);
    expect(paper(0)).toContain(bill.number);
    expect(paper(0)).not.toContain('DUPLICATE');
    const again = { key: newKey(), id: bill.id };
    expect(await rpc.bill.reprint(again)).toEqual({ number: bill.number });
    expect(await rpc.bill.reprint(again)).toEqual({ number: bill.number });
    await desk.till().context.spool.idle();
    expect(files()).toHaveLength(3);
    expect(paper(2)).toContain('DUPLICATE');
    expect(paper(2)).toContain(bill.number);
    expect(await refusalOf(rpc.bill.reprint({ key: newKey(), id: desk.staff.owner }))).toEqual({
      type: 'NotFound',
      what: 'bill',
    });
  });

  it('that is gone when the till starts neither stops it nor a bill', async () => {
    // A name no folder can have: a file lies where the folder should be.
    await setPrinter({ kind: 'file', path: 'till.txt/receipts' });
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(desk.dir(), 'till.txt'), '');
    await desk.reopen();
    await desk.signIn('cashier');
    expect((await sell(rpc, codes.soap)).number).toBe('K3T1/2627/00001');
    await until(async () => (await rpc.device.state()).waitingJobs === 1);
    expect(await refusalOf(setPrinter({ kind: 'file', path: 'a\u0000b' }))).not.toMatchObject({ type: 'FAULT' });
  });
});

describe('a printer on the network', () => {
  it('out of paper: the bill is committed, its job waits and prints once when paper is in', async () => {
    const server = await startEmulatorServer();
    try {
      await setPrinter({ kind: 'tcp', host: '127.0.0.1', port: server.port });
      server.setState({ paper: 'out' });
      const bill = await sell(rpc, codes.soap);
      await until(async () => (await rpc.device.state()).printer === 'paperOut');
      expect((await rpc.device.state()).waitingJobs).toBe(1);
      expect(await rpc.bill.get({ id: bill.id })).toEqual(bill);
      expect(server.emulator.receipts()).toHaveLength(0);
      server.setState({ paper: 'ok' });
      await rpc.device.retryPrint();
      await until(() => server.emulator.receipts().length === 1);
      await desk.till().context.spool.idle();
      expect(await rpc.device.state()).toMatchObject({ printer: 'ready', waitingJobs: 0 });
      await rpc.device.retryPrint();
      await desk.till().context.spool.idle();
      expect(server.emulator.receipts()).toHaveLength(1);
      expect(textOf(server.emulator.receipts())).toContain(bill.number);
    } finally {
      await server.close();
    }
  });

  it('out of paper while nothing prints: shown by itself, and over by itself', async () => {
    const server = await startEmulatorServer();
    try {
      await setPrinter({ kind: 'tcp', host: '127.0.0.1', port: server.port });
      server.setState({ paper: 'out' });
      await until(async () => (await rpc.device.state()).printer === 'paperOut');
      server.setState({ paper: 'ok' });
      await until(async () => (await rpc.device.state()).printer === 'ready');
      expect(server.emulator.receipts()).toHaveLength(0);
    } finally {
      await server.close();
    }
  });

  it('gone: jobs wait over a restart', async () => {
    const server = await startEmulatorServer();
    const { port } = server;
    await server.close();
    await setPrinter({ kind: 'tcp', host: '127.0.0.1', port });
    await sell(rpc, codes.soap);
    await until(async () => (await rpc.device.state()).printer === 'offline');
    await desk.reopen();
    expect((await rpc.device.state()).waitingJobs).toBe(1);
    const back = await startEmulatorServer({ port });
    try {
      await rpc.device.retryPrint();
      await until(() => back.emulator.receipts().length === 1);
    } finally {
      await back.close();
    }
  });

  it('cut while it prints: asked about, never printed again silently; "no" prints a DUPLICATE', async () => {
    const server = await startEmulatorServer();
    try {
      await setPrinter({ kind: 'tcp', host: '127.0.0.1', port: server.port });
      server.cutAfter(400);
      const bill = await sell(rpc, codes.soap);
      await until(async () => (await rpc.device.state()).cutJob !== null);
      const { cutJob } = await rpc.device.state();
      expect(cutJob?.number).toBe(bill.number);
      expect(server.emulator.receipts()).toHaveLength(0);
      const jobId = cutJob?.jobId ?? ('' as Uuid);
      expect((await rpc.device.answerCut({ jobId, cameOutWhole: false })).cutJob).toBeNull();
      await until(() => server.emulator.receipts().length === 1);
      await desk.till().context.spool.idle();
      expect(textOf(server.emulator.receipts())).toContain('DUPLICATE');
      expect(await refusalOf(rpc.device.answerCut({ jobId, cameOutWhole: true }))).toEqual({
        type: 'NotFound',
        what: 'job',
      });
    } finally {
      await server.close();
    }
  });
});

describe('the drawer', () => {
  it('opens without a sale only with a reason', async () => {
    expect(await refusalOf(rpc.device.openDrawer({ reason: ' ' }))).toEqual({ type: 'ReasonNeeded' });
    expect(await refusalOf(rpc.device.openDrawer({ reason: 'change' }))).toEqual({ type: 'PrinterNotSet' });
    await setPrinter({ kind: 'file', path: 'receipts' });
    expect(await refusalOf(rpc.device.openDrawer({ reason: 'change' }))).toBeNull();
  });
});

describe('the preview', () => {
  it('is the paper’s own picture', async () => {
    const bill = await sell(rpc, codes.soap);
    const { layout, pngBase64, widthDots } = await rpc.bill.receipt({ id: bill.id });
    expect(widthDots).toBe(576);
    expect(JSON.stringify(layout)).toContain(bill.number);
    if (pngBase64 !== null) expect(Buffer.from(pngBase64, 'base64').subarray(1, 4).toString()).toBe('PNG');
  });
});

describe('the logo', () => {
  it('is kept as dots, stands above the shop’s name, and goes again; a bad file is refused and changes nothing', async () => {
    const canvas = createCanvas(120, 60);
    const context = canvas.getContext('2d');
    context.fillRect(10, 10, 100, 40);
    await setPrinter({ kind: 'file', path: 'receipts' });
    await desk.signIn('owner');
    const pngBase64 = canvas.toBuffer('image/png').toString('base64');
    expect(await rpc.shop.setLogo({ pngBase64 })).toMatchObject({ widthDots: 120, heightDots: 50 });
    expect(await refusalOf(rpc.shop.setLogo({ pngBase64: 'R0lGODlh' }))).toMatchObject({
      type: 'LogoInvalid',
      reason: 'notPng',
    });
    expect(await rpc.shop.logo()).toMatchObject({ widthDots: 120 });
    const first = async (): Promise<string> => {
      await rpc.device.testPrint();
      await desk.till().context.spool.idle();
      const files = readdirSync(join(desk.dir(), 'receipts')).toSorted();
      return printed(readFileSync(join(desk.dir(), 'receipts', files.at(-1) ?? ''))).split('\n')[0] ?? '';
    };
    expect(await first()).toMatch(/^\[picture /);
    expect(await rpc.shop.setLogo({ pngBase64: null })).toBeNull();
    expect(await first()).not.toContain('[picture');
    await desk.signIn('cashier');
    expect(await refusalOf(rpc.shop.setLogo({ pngBase64: null }))).toMatchObject({ type: 'RoleNeeded' });
  });
});
