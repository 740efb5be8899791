import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { hasPty, noPty, openPtyPair } from '#tests/fixtures/pty-pair.ts';
import { fileTrouble } from './device-file-wire.ts';
import { openWire } from './open-wire.ts';
import { openSerialWire, serialTrouble } from './serial-wire.ts';
import { tcpTrouble } from './tcp-wire.ts';
import type { SerialFormat } from './wire.ts';

const format: SerialFormat = { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' };
const identity = { vendorId: 0x0403, productId: 0x6001, serial: 'A' };
const tidy: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const done of tidy.splice(0)) await done();
});

describe('what is wrong, in a word', () => {
  it('TCP: refused where nothing listens, absent where nobody is', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await openWire({ kind: 'tcp', host: '127.0.0.1', port })).toEqual({ ok: false, error: 'refused' });
    // A name under .invalid never resolves (RFC 2606).
    const nobody = await openWire({ kind: 'tcp', host: 'printer.invalid', port: 9_100 }, 5_000);
    expect(nobody).toMatchObject({ ok: false });
    expect(['EHOSTUNREACH', 'ENOTFOUND', 'EACCES', 'ETIMEDOUT'].map(tcpTrouble)).toEqual([
      'absent',
      'absent',
      'noPermission',
      'timeout',
    ]);
  });

  it('TCP: answers in time where nobody does', async () => {
    const blackHole = { kind: 'tcp', host: '192.0.2.1', port: 9_100 } as const;
    const opened = await openWire(blackHole, 150);
    // 192.0.2.0/24 is nobody's (RFC 5737): silence where there is a route, unreachable where there is none.
    expect(opened.ok ? 'open' : opened.error).toMatch(/^(timeout|absent|refused|noPermission)$/);
  });

  it('serial: in the binding’s words', () => {
    expect(serialTrouble('Error: No such file or directory, cannot open /dev/ttyUSB0')).toBe('absent');
    expect(serialTrouble('Error: Permission denied, cannot open /dev/ttyUSB0')).toBe('noPermission');
    expect(serialTrouble('Error Resource temporarily unavailable Cannot lock port')).toBe('busy');
    expect(serialTrouble('Opening COM3: Access denied')).toBe('busy');
    expect(serialTrouble('Opening COM3: File not found')).toBe('absent');
    expect(serialTrouble('Opening COM5: Unknown error code 121')).toBe('timeout');
    expect(serialTrouble('Error: Invalid argument setting custom baud rate of 7')).toBe('unsupported');
  });

  it('a file: missing, a folder, a FIFO that nobody reads, a right that is missing', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'billmitra-wire-'));
    tidy.push(() => rmSync(dir, { recursive: true }));
    const at = (path: string) => openWire({ kind: 'deviceFile', path });
    expect(await at(join(dir, 'lp0'))).toEqual({ ok: false, error: 'absent' });
    expect(await at(dir)).toEqual({ ok: false, error: 'unsupported' });
    expect(fileTrouble('ENXIO')).toBe('absent');
    expect(fileTrouble('EACCES')).toBe('noPermission');
    expect(fileTrouble('EBUSY')).toBe('busy');
    const notADevice = join(dir, 'port');
    writeFileSync(notADevice, '');
    const serial = await openWire({ kind: 'serial', path: notADevice, format, identity: null });
    expect(serial.ok).toBe(false);
  });
});

describe.skipIf(!hasPty)(`serial over a pty ${noPty}`, () => {
  const found = (path: string, serial: string) => ({
    path,
    identity: { ...identity, serial },
    maker: null,
    product: null,
  });

  it('is busy while another holds it, and free again after', async () => {
    const pair = await openPtyPair();
    tidy.push(pair.close);
    const target = { kind: 'serial', path: pair.left, format, identity: null } as const;
    const first = await openWire(target);
    expect(await openWire(target)).toEqual({ ok: false, error: 'busy' });
    if (first.ok) await first.value.close();
    const again = await openWire(target);
    expect(again.ok).toBe(true);
    if (again.ok) await again.value.close();
  });

  it('is opened where its identity hangs now, and not where another took its place', async () => {
    const pair = await openPtyPair();
    tidy.push(pair.close);
    const target = { path: '/dev/ttyUSB0', format, identity };
    const moved = await openSerialWire(target, 2_000, async () => [found('/dev/ttyUSB0', 'B'), found(pair.right, 'A')]);
    expect(moved.ok).toBe(true);
    if (moved.ok) await moved.value.close();
    const taken = await openSerialWire({ ...target, path: pair.left }, 2_000, async () => [found(pair.left, 'B')]);
    expect(taken).toEqual({ ok: false, error: 'absent' });
  });

  it('is absent once its cable was pulled', async () => {
    const pair = await openPtyPair();
    tidy.push(pair.close);
    await pair.cut();
    const gone = await openWire({ kind: 'serial', path: pair.left, format, identity: null });
    expect(gone).toEqual({ ok: false, error: 'absent' });
  });
});
