/**
 * How long a pan stands still before the till answers its weight: every kind of scale at its own speed, each with the
 * till's own scale desk, over real sockets and (where socat is) serial ports. Rule kept: counted from the first frame
 * on the wire that tells of the resting pan, and beside it from the rest itself, up to a tenth of a second earlier;
 * an answer with another weight stops the bench.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { milli } from '#core/quantity.ts';
import type { ScaleSetting } from '#contract/till-scale.ts';
import { type ScaleEmulator, startScaleEmulator } from '#hardware/scale/emulator.ts';
import { type EmulatedScaleId, emulatedScales } from '#hardware/scale/emulator-replies.ts';
import { patternPresets } from '#hardware/scale/pattern.ts';
import { listenAsDevice, openDeviceEnd } from '#hardware/wire/emulator-end.ts';
import { makeScaleDesk, type ScaleDesk } from '#till/devices/scale.ts';
import { Refusal } from '#till/refusal.ts';
import { findSocat, openPtyPair } from '#tools/socat.ts';
import { type Figure, median, quantile, round, say, worst } from '../till/figures.ts';
import { seeded } from '../till/goods.ts';

type Bench = {
  readonly kind: string;
  readonly desk: ScaleDesk;
  readonly emulator: ScaleEmulator;
  readonly close: () => Promise<void>;
};

const desksPerKind = 8;
/** The pan swings longer than the slowest scale waits between two frames, so that its old weight is gone. */
const swingMs = 150;
const raw = { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' } as const;

function deskFor(protocol: EmulatedScaleId, target: ScaleSetting['target']): ScaleDesk {
  const setting: ScaleSetting = { target, protocol, pattern: patternPresets[0]?.pattern ?? null };
  return makeScaleDesk({ setting: () => setting, save: () => {}, onChange: () => {} });
}

async function overTcp(protocol: EmulatedScaleId): Promise<Bench> {
  const device = await listenAsDevice(0);
  const emulator = startScaleEmulator({ protocol, wire: device.end, settleMs: swingMs });
  const desk = deskFor(protocol, { kind: 'tcp', host: '127.0.0.1', port: device.port });
  const close = async (): Promise<void> => {
    emulator.close();
    await desk.close();
    await device.close();
  };
  return { kind: protocol, desk, emulator, close };
}

async function overPty(protocol: EmulatedScaleId): Promise<Bench> {
  const ports = await openPtyPair();
  const device = await openDeviceEnd({ kind: 'serial', path: ports.right, format: raw, identity: null });
  if (!device.ok) throw new Error(`no device's end: ${device.error}`);
  const emulator = startScaleEmulator({ protocol, wire: device.value.end, settleMs: swingMs });
  const desk = deskFor(protocol, { kind: 'serial', path: ports.left, format: raw, identity: null });
  const close = async (): Promise<void> => {
    emulator.close();
    await desk.close();
    await device.value.close();
    await ports.close();
  };
  return { kind: `${protocol} serial`, desk, emulator, close };
}

/** The till's answer, asked for again when it refused: a busy machine's late answer counts with all its time. */
async function answered(desk: ScaleDesk): Promise<number> {
  for (;;) {
    try {
      return (await desk.read()).weightMilli;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await sleep(1);
    }
  }
}

type Sample = { readonly fromWire: number; readonly fromRest: number };

/** One portion after another on one scale; milliseconds to the answer. */
async function weigh({ kind, desk, emulator }: Bench, count: number, random: () => number): Promise<readonly Sample[]> {
  await desk.reopen();
  while (desk.scaleView().state !== 'stable') await sleep(20);
  const samples: Sample[] = [];
  let last = 0;
  for (let n = 0; n < count; n += 1) {
    let grams = 5 + Math.floor(random() * 9_000);
    // Never so near the last one that the swing between them could pass for rest.
    if (Math.abs(grams - last) < 100) grams += 500;
    last = grams;
    emulator.put(milli(grams));
    // A scale tells ten times a second: until it told of the swing, it truly said that the old weight stands there.
    for (let view = desk.scaleView(); view.state === 'stable' && view.weightMilli !== grams; view = desk.scaleView())
      await sleep(5);
    const weightMilli = await answered(desk);
    const answeredAt = performance.now();
    if (weightMilli !== grams) throw new Error(`${kind}: ${weightMilli} g answered, ${grams} g on the pan`);
    samples.push({
      fromWire: answeredAt - (emulator.restToldAt() ?? answeredAt),
      fromRest: answeredAt - (emulator.restedAt() ?? answeredAt),
    });
    // Scales are not in step with one another.
    await sleep(random() * 120);
  }
  return samples;
}

export async function scaleStable(isQuick: boolean): Promise<Figure> {
  const count = isQuick ? 290 : 10_000;
  const kinds = Object.keys(emulatedScales) as EmulatedScaleId[];
  const benches = await Promise.all(kinds.flatMap((kind) => Array.from({ length: desksPerKind }, () => overTcp(kind))));
  if (findSocat() !== null) benches.push(...(await Promise.all([overPty('continuous'), overPty('toledo8217')])));
  const random = seeded(47);
  const each = Math.ceil(count / benches.length);
  say(`${benches.length} scales, ${each} portions each`);
  try {
    const taken = await Promise.all(
      benches.map(async (bench) => ({ kind: bench.kind, samples: await weigh(bench, each, random) })),
    );
    const all = taken.flatMap(({ samples }) => samples);
    const ofKind = (kind: string) => taken.filter((one) => one.kind === kind).flatMap(({ samples }) => samples);
    const fromWire = all.map((sample) => sample.fromWire);
    const fromRest = all.map((sample) => sample.fromRest);
    const names = [...new Set(taken.map(({ kind }) => kind))];
    return {
      name: 'scale_stable.p99_ms',
      value: quantile(fromWire, 0.99),
      unit: 'ms',
      n: all.length,
      bar: { atMost: 300 },
      beside: {
        median: round(median(fromWire)),
        worst: round(worst(fromWire)),
        'fromRest.p99': round(quantile(fromRest, 0.99)),
        'fromRest.worst': round(worst(fromRest)),
        ...Object.fromEntries(
          names.map((kind) => [
            `${kind}.p99`,
            round(
              quantile(
                ofKind(kind).map((sample) => sample.fromWire),
                0.99,
              ),
            ),
          ]),
        ),
        ...(names.length === kinds.length ? { serial: 'not measured: no socat' } : {}),
      },
    };
  } finally {
    await Promise.all(benches.map((bench) => bench.close()));
  }
}
