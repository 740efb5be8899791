/**
 * What every printer promises (port.ts), as one body of tests: the emulator over each transport, and iron where an
 * environment variable names it. Rule kept: a promise that a rig can't show is left out by name, never by silence.
 * Run by hardware/printer/printer-contract.test.ts; it opens nothing itself.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmulatorState } from '#hardware/printer/emulator.ts';
import type { Printer } from '#hardware/printer/port.ts';

export type PrinterRig = {
  readonly open: () => Printer;
  /** null for iron: nobody can make it run out of paper from here. */
  readonly emulated: {
    readonly printed: () => readonly string[];
    readonly setState: (change: Partial<EmulatorState>) => void;
    /** The roll ends once `bytes` more bytes are printed. */
    readonly paperOutAfter: (bytes: number) => void;
    /** Pulls the cable once `bytes` more bytes came. */
    readonly cutAfter: (bytes: number) => void;
    /** Plugs it in again. */
    readonly replug: () => Promise<void>;
  } | null;
  readonly close: () => Promise<void>;
};

const job = (text: string): Uint8Array => Buffer.from(`\x1b@\x1da\x0e${text}\n\x1dV\x42\x00`, 'latin1');
const long = job(Array.from({ length: 200 }, (_, i) => `line ${i} of a long receipt`).join('\n'));
const well = { isOnline: true, isCoverOpen: false, hasError: false, paper: 'ok' } as const;

/** `why`: said in place of running it, where the rig can't be had here; null: run. */
export function testPrinter(name: string, makeRig: () => Promise<PrinterRig>, why: string | null = null): void {
  describe.skipIf(why !== null)(why === null ? name : `${name} (${why})`, () => {
    let rig: PrinterRig;
    let printer: Printer;
    beforeAll(async () => {
      rig = await makeRig();
      printer = rig.open();
    });
    afterAll(async () => {
      await printer.close();
      await rig.close();
    });

    it('is ready, and prints jobs whole in the order given, even when given at once', async () => {
      expect(await printer.look()).toMatchObject({ state: 'ready', wire: null });
      const outcomes = await Promise.all(['one', 'two', 'three'].map((text) => printer.write(job(text))));
      expect(outcomes).toEqual([{ kind: 'done' }, { kind: 'done' }, { kind: 'done' }]);
      if (rig.emulated) expect(rig.emulated.printed()).toEqual(['one', 'two', 'three']);
      expect(await printer.status()).toBe('ready');
    });

    it('with no paper, an open cover, an error: not started and why, prints once it is well', async (context) => {
      const { emulated } = rig;
      if (!emulated) return context.skip('iron');
      const before = emulated.printed().length;
      for (const [change, reason] of [
        [{ paper: 'out' }, 'paperOut'],
        [{ isCoverOpen: true }, 'coverOpen'],
        [{ hasError: true }, 'error'],
        [{ isOnline: false }, 'offline'],
      ] as const) {
        emulated.setState({ ...well, ...change });
        expect(await printer.write(job('waits'))).toEqual({ kind: 'notStarted', reason });
        expect(await printer.status()).toBe(reason);
      }
      emulated.setState(well);
      expect(await printer.write(job('waited'))).toEqual({ kind: 'done' });
      expect(emulated.printed().slice(before)).toEqual(['waited']);
    });

    it('near the end of its roll is ready all the same, with a warning beside', async (context) => {
      const { emulated } = rig;
      if (!emulated) return context.skip('iron');
      emulated.setState({ paper: 'low' });
      expect(await printer.look()).toMatchObject({ state: 'ready', isPaperLow: true });
      emulated.setState(well);
      expect(await printer.look()).toMatchObject({ state: 'ready', isPaperLow: false });
    });

    it('tells unasked that its roll ended in the middle of a job, which is then cut with that reason', async (context) => {
      const { emulated } = rig;
      if (!emulated) return context.skip('iron');
      const told: string[] = [];
      const stop = printer.onNews((status) => told.push(status.state));
      emulated.paperOutAfter(2_000);
      expect(await printer.write(long)).toMatchObject({ kind: 'cut', reason: 'paperOut' });
      expect(told).toContain('paperOut');
      emulated.setState(well);
      await expect.poll(() => emulated.printed().at(-1)).toContain('line 199');
      stop();
      expect(await printer.status()).toBe('ready');
    });

    it('with its cable pulled in the middle is cut, never done, and prints again when it is back', async (context) => {
      const { emulated } = rig;
      if (!emulated) return context.skip('iron');
      const before = emulated.printed().length;
      emulated.cutAfter(3_000);
      expect(await printer.write(long)).toMatchObject({ kind: 'cut', totalBytes: long.length });
      expect(emulated.printed().length).toBe(before);
      await emulated.replug();
      await expect.poll(() => printer.status(), { timeout: 5_000 }).toBe('ready');
      expect(await printer.write(job('again'))).toEqual({ kind: 'done' });
      expect(emulated.printed().at(-1)).toContain('again');
    });

    it('closed takes nothing and says so', async () => {
      const other = rig.open();
      await other.close();
      expect(await other.write(job('late'))).toEqual({ kind: 'notStarted', reason: 'offline' });
      expect(await other.status()).toBe('offline');
    });
  });
}
