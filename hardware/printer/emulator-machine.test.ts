/** The head, the buffer and the cable, in virtual time: a minute of printing takes no time to test. */
import { describe, expect, it } from 'vitest';
import { bufferBytes, type Machine, type MachineOptions, makeMachine, type PluggedLink } from './emulator-machine.ts';
import { printedText } from './emulator-paper.ts';

type Rig = {
  readonly machine: Machine;
  readonly link: PluggedLink;
  readonly replies: number[];
  readonly said: string[];
  readonly now: () => number;
  /** Lets time go by, doing what falls due. */
  readonly pass: (ms: number) => void;
};

function rig(options: MachineOptions): Rig {
  let now = 0;
  let due: { readonly at: number; readonly work: () => void }[] = [];
  const machine = makeMachine({
    ...options,
    time: { now: () => now, later: (work, ms) => void due.push({ at: now + ms, work }) },
  });
  const replies: number[] = [];
  const said: string[] = [];
  const link = machine.plug({
    send: (bytes) => void replies.push(...bytes),
    pause: () => void said.push('pause'),
    resume: () => void said.push('resume'),
    cut: () => void said.push('cut'),
  });
  const pass = (ms: number): void => {
    const end = now + ms;
    for (;;) {
      const next = due.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      due = due.filter((work) => work !== next);
      now = Math.max(now, next.at);
      next.work();
    }
    now = end;
  };
  return { machine, link, replies, said, now: () => now, pass };
}

const text = (line: string): Uint8Array => Buffer.from(line, 'latin1');
const lines = (count: number): Uint8Array => text('0123456789\n'.repeat(count));
const linesOf = (machine: Machine): number => machine.emulator.current().items.length;

describe('a head of 150 mm/s', () => {
  it('prints lines of 30 dots one every 25 ms, the first at once', () => {
    const { machine, link, pass } = rig({ mmPerSecond: 150 });
    link.take(lines(20));
    expect(linesOf(machine)).toBe(1);
    pass(24);
    expect(linesOf(machine)).toBe(1);
    pass(1);
    expect(linesOf(machine)).toBe(2);
    pass(450);
    expect([linesOf(machine), machine.bufferedBytes()]).toEqual([20, 0]);
  });

  it('loses no time between pieces that come early, and stands still between those that come late', async () => {
    const { machine, link, pass, now } = rig({ mmPerSecond: 300, cutMs: 100 });
    link.take(lines(10));
    pass(60);
    link.take(lines(10));
    let doneAt = -1;
    const done = machine.idle().then(() => {
      doneAt = now();
    });
    pass(190);
    // A whole second of nothing is not caught up with.
    pass(1_000);
    await done;
    const from = now();
    link.take(text('x\n\x1dV\x00'));
    pass(112);
    expect(doneAt).toBeGreaterThanOrEqual(0);
    expect(machine.emulator.receipts()).toHaveLength(1);
    const again = machine.idle().then(() => now() - from);
    pass(10);
    expect(await again).toBeLessThanOrEqual(122);
  });

  it('a picture takes as long as its rows, while they come', () => {
    const { machine, link, pass } = rig({ mmPerSecond: 150 });
    const rows = 120;
    link.take(Uint8Array.from([0x1d, 0x76, 0x30, 0, 2, 0, rows, 0]));
    link.take(new Uint8Array(2 * rows).fill(0xff));
    pass(95);
    expect(machine.bufferedBytes()).toBeGreaterThan(0);
    pass(5);
    expect([machine.bufferedBytes(), machine.emulator.current().heightDots]).toEqual([0, rows]);
  });

  it('stops the link when 4 KB wait, goes on at half, and answers a question at once all the same', () => {
    const { machine, link, pass, said, replies } = rig({ mmPerSecond: 150 });
    link.take(lines(500));
    expect(said).toEqual(['pause']);
    link.take(Uint8Array.of(0x10, 0x04, 4));
    expect(replies).toEqual([0x12]);
    pass(500 * 25 - 4_600);
    expect([said, machine.bufferedBytes() <= bufferBytes / 2]).toEqual([['pause', 'resume'], true]);
    pass(6_000);
    expect([linesOf(machine), replies]).toEqual([500, [0x12]]);
  });
});

describe('what happens to it', () => {
  it('no paper: the head stops where it is and goes on with the new roll; it tells of itself when asked to', () => {
    const { machine, link, pass, replies } = rig({ mmPerSecond: 150 });
    link.take(Uint8Array.of(0x1d, 0x61, 0xff));
    link.take(lines(10));
    pass(60);
    const before = linesOf(machine);
    machine.setState({ paper: 'out' });
    pass(1_000);
    expect(linesOf(machine)).toBe(before);
    machine.setState({ paper: 'ok' });
    pass(1_000);
    expect(linesOf(machine)).toBe(10);
    expect(replies).toEqual([0x10, 0, 0, 0, 0x18, 0, 0x0c, 0, 0x10, 0, 0, 0]);
  });

  it('a cable cut after any byte: what came still prints, half a command is forgotten', () => {
    const { machine, link, pass, said } = rig({ mmPerSecond: 150 });
    machine.cutAfter(14);
    link.take(text('0123456789\n\x1b!\x30never'));
    expect(said).toEqual(['cut']);
    link.take(text('nobody hears this\n'));
    pass(100);
    const next = machine.plug({ send: () => {}, pause: () => {}, resume: () => {}, cut: () => {} });
    next.take(text('\x1b@after\n'));
    pass(100);
    expect(printedText(machine.emulator.current())).toEqual(['0123456789', 'after']);
    expect(machine.receivedBytes()).toBe(14 + 8);
  });

  it('its own plug: what waited in the buffer is gone, the paper stays', () => {
    const { machine, link, pass, said } = rig({ mmPerSecond: 150 });
    link.take(lines(100));
    pass(50);
    machine.powerOff();
    pass(5_000);
    expect([linesOf(machine), said, machine.bufferedBytes()]).toEqual([3, ['cut'], 0]);
  });
});
