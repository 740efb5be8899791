import { describe, expect, it } from 'vitest';
import { testWire } from '#tests/contracts/wire-promises.ts';
import { type FakeSpoolerOptions, makeFakeSpooler } from '#tests/fixtures/fake-winspool.ts';
import { openWire } from './open-wire.ts';
import { listWindowsQueues, openQueueWire, queueCondition, readQueue } from './windows-queue-wire.ts';

/** Through a FAKE spooler: see tests/fixtures/fake-winspool.ts. */
async function fakePair(options: FakeSpoolerOptions = {}) {
  const fake = makeFakeSpooler(options);
  const opened = await openQueueWire('EPSON TM-T82', async () => fake.spooler);
  if (!opened.ok) throw new Error(opened.error);
  return { wire: opened.value, far: { ...fake, send: () => {} }, tidy: fake.go, fake };
}
testWire('Windows queue (fake spooler)', () => fakePair({ mostAtOnce: 1_000 }), {
  reads: false,
  feelsCut: false,
  flood: 20_000,
});

describe('Windows queue (fake spooler)', () => {
  it('is one document for a wire, ended by closing', async () => {
    const { wire, fake } = await fakePair();
    await wire.write(Uint8Array.of(1, 2), 100);
    await wire.write(Uint8Array.of(3), 100);
    expect(fake.documents()).toEqual(['open']);
    await wire.close();
    expect(fake.documents()).toEqual(['ended']);
    expect([...fake.received()]).toEqual([1, 2, 3]);
    expect(fake.openHandles()).toBe(0);
  });

  it('takes a document back that broke, so that no half receipt prints later', async () => {
    const { wire, fake } = await fakePair();
    await wire.write(Uint8Array.of(1, 2), 100);
    fake.cut();
    expect(await wire.write(Uint8Array.of(3), 100)).toEqual({ kind: 'failed', sentBytes: 0, trouble: 'broken' });
    expect(fake.documents()).toEqual(['aborted']);
    expect(fake.openHandles()).toBe(0);
  });

  it('makes no document when nothing is written', async () => {
    const { wire, fake } = await fakePair();
    await wire.close();
    expect([fake.documents(), fake.openHandles()]).toEqual([[], 0]);
  });

  it.each<[FakeSpoolerOptions, string]>([
    [{ openError: 1_801 }, 'absent'],
    [{ openError: 5 }, 'noPermission'],
    [{ openError: 1_722 }, 'refused'],
    [{ state: { status: 0x80 } }, 'absent'],
    [{ state: { attributes: 0x400 } }, 'absent'],
    [{ state: { status: 0x01 } }, 'busy'],
  ])('%j is %s', async (options, trouble) => {
    const fake = makeFakeSpooler(options);
    expect(await openQueueWire('q', async () => fake.spooler)).toEqual({ ok: false, error: trouble });
    expect(fake.openHandles()).toBe(0);
  });

  it('says at the first write that a driver takes no raw bytes', async () => {
    const { wire } = await fakePair({ startError: 1_804 });
    expect(await wire.write(Uint8Array.of(1), 100)).toEqual({ kind: 'failed', sentBytes: 0, trouble: 'unsupported' });
  });

  it('reads what the queue says of its printer', async () => {
    const of = (status: number) => queueCondition({ status, attributes: 0, jobs: 0 });
    expect([0, 0x10, 0x40_0000, 0x08, 0x10_0000, 0x1000, 0x90].map(of)).toEqual([
      'ready',
      'paperOut',
      'coverOpen',
      'error',
      'error',
      'offline',
      'offline',
    ]);
    const fake = makeFakeSpooler({ state: { status: 0x10, jobs: 2 } });
    expect(await readQueue('q', async () => fake.spooler)).toEqual({
      ok: true,
      value: { condition: 'paperOut', jobs: 2 },
    });
    expect(fake.openHandles()).toBe(0);
  });

  it('lists queues, but not those that print into a file', async () => {
    const queue = (name: string, port: string) => ({ name, port, driver: null, status: 0, attributes: 0, jobs: 0 });
    const fake = makeFakeSpooler({
      queues: [queue('TM-T82', 'USB001'), queue('Microsoft Print to PDF', 'PORTPROMPT:'), queue('Fax', 'SHRFAX:')],
    });
    expect((await listWindowsQueues(async () => fake.spooler)).map((one) => one.name)).toEqual(['TM-T82']);
  });

  it.skipIf(process.platform === 'win32')('is unsupported where it is not Windows', async () => {
    expect(await openWire({ kind: 'windowsQueue', name: 'q' })).toEqual({ ok: false, error: 'unsupported' });
    expect(await listWindowsQueues()).toEqual([]);
  });

  const queueName = process.env['BILLMITRA_QUEUE'];
  it.skipIf(process.platform !== 'win32' || queueName === undefined)(
    'prints to a real queue (Windows only; BILLMITRA_QUEUE: its name)',
    async () => {
      const opened = await openWire({ kind: 'windowsQueue', name: queueName ?? '' });
      if (!opened.ok) throw new Error(opened.error);
      expect(await opened.value.write(new TextEncoder().encode('BillMitra\r\n'), 10_000)).toEqual({ kind: 'sent' });
      await opened.value.close();
      expect(await opened.value.ended).toBe(null);
      expect((await readQueue(queueName ?? '')).ok).toBe(true);
    },
  );
});
