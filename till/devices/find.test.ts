import { describe, expect, it } from 'vitest';
import type { FoundDevice, NetworkSearch } from '#contract/device-views.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { type ListedWire, makeFinder, type UsedTargets, type WireLister } from './find.ts';

const tcp = (host: string): WireTargetInput => ({ kind: 'tcp', host, port: 9100 });
const listed = (target: WireTargetInput, change: Partial<ListedWire> = {}): ListedWire => ({
  target,
  name: null,
  guess: null,
  trouble: null,
  ...change,
});

/** Plugs that a test pulls: the system's list is the one thing that can't be had here. */
function plugs(first: readonly ListedWire[]) {
  let now = first;
  const watchers = new Set<() => void>();
  const lister: WireLister = {
    list: () => Promise.resolve(now),
    watch: (changed) => {
      watchers.add(changed);
      return () => void watchers.delete(changed);
    },
    probe: async (signal, progress) => {
      for (let asked = 1; asked <= 3 && !signal.aborted; asked += 1) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        progress(asked, 3, asked < 2 ? [] : [listed(tcp('10.0.0.9'), { guess: 'printer' })]);
      }
    },
  };
  return {
    lister,
    watchers,
    plug: (next: readonly ListedWire[]): void => {
      now = next;
      for (const changed of [...watchers]) changed();
    },
  };
}
const lp: WireTargetInput = { kind: 'deviceFile', path: '/dev/usb/lp0' };
const noneUsed: UsedTargets = () => [];

describe('finding', () => {
  it('says where it hangs and who uses it', async () => {
    const finder = makeFinder(plugs([listed(lp, { name: 'POS-80', guess: 'printer' })]).lister, () => [
      { kind: 'printer', target: lp },
    ]);
    expect(await finder.find()).toEqual([
      {
        id: 'deviceFile:/dev/usb/lp0',
        target: lp,
        name: 'POS-80',
        place: '/dev/usb/lp0',
        guess: 'printer',
        usedBy: 'printer',
        trouble: null,
      },
    ]);
  });
  it('the list moves by itself, and rests when nobody follows', async () => {
    const pc = plugs([]);
    const finder = makeFinder(pc.lister, noneUsed);
    const ended = new AbortController();
    const seen: (readonly FoundDevice[])[] = [];
    const following = (async () => {
      for await (const found of finder.follow(ended.signal)) {
        seen.push(found);
        if (seen.length === 1) setTimeout(() => pc.plug([listed(lp)]), 2);
        if (seen.length === 2) setTimeout(() => pc.plug([]), 2);
        if (seen.length === 3) ended.abort();
      }
    })();
    await following;
    expect(seen.map((found) => found.map((one) => one.place))).toEqual([[], ['/dev/usb/lp0'], []]);
    expect(pc.watchers.size).toBe(0);
  });
  it('a ring that changes nothing tells nothing', async () => {
    const pc = plugs([listed(lp)]);
    const ended = new AbortController();
    let told = 0;
    setTimeout(() => pc.plug([listed(lp)]), 5);
    setTimeout(() => ended.abort(), 20);
    for await (const _ of makeFinder(pc.lister, noneUsed).follow(ended.signal)) told += 1;
    expect(told).toBe(1);
  });
});

describe('looking on the network', () => {
  it('tells how far it is and ends with what answered', async () => {
    const seen: NetworkSearch[] = [];
    for await (const one of makeFinder(plugs([]).lister, noneUsed).searchNetwork(undefined)) seen.push(one);
    expect(seen.at(-1)).toMatchObject({ isDone: true, asked: 3, total: 3 });
    expect(seen.at(-1)?.found.map((one) => one.place)).toEqual(['10.0.0.9:9100']);
  });
  it('stops asking when nobody follows', async () => {
    const ended = new AbortController();
    let asked = 0;
    const lister: WireLister = {
      ...plugs([]).lister,
      probe: async (signal, progress) => {
        while (!signal.aborted) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          asked += 1;
          progress(asked, 1_000, []);
        }
      },
    };
    for await (const one of makeFinder(lister, noneUsed).searchNetwork(ended.signal)) {
      if (one.asked >= 2) ended.abort();
    }
    expect(asked).toBeLessThan(50);
  });
});
