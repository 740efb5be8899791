/** A till and a head office over real sockets: releases that come in pieces, are wrong, are withdrawn. */
import { statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { everyStoreId, type SentContent } from '#contract/sent-shapes.ts';
import { modelVerdicts } from '#contract/sync.ts';
import { instant } from '#core/time.ts';
import type { ShopDb } from '#db/open.ts';
import { coreFeatureNames } from '#ml/registry/core-features.ts';
import { sha256Of } from '#ml/registry/floats-text.ts';
import { type DemandParts, type ModelPackage, packDemand, partsOfModel } from '#ml/registry/pack-demand.ts';
import { publicKeyOf, signManifest, signSuccession } from '#ml/registry/signature.ts';
import { fitDemand } from '#ml/train/fit-demand.ts';
import { demandFrame } from '#tests/fixtures/made-up-demand.ts';
import { makeFolder, mustOpen } from '#tests/fixtures/sample-shop.ts';
import { openTables, type Tables } from '../tables.ts';
import { durableFiles } from './durable-files.ts';
import { makeModelDesk, type ModelDesk } from './model-desk.ts';
import { openModelFolder } from './model-folder.ts';
import { openInstalled } from './open-model.ts';

const [first, second, stranger] = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
let parts: DemandParts;
beforeAll(async () => {
  const frame = demandFrame({ items: 6, days: 200, seed: 2 });
  const model = await fitDemand(frame, 170, { horizon: 14, seed: 1, threads: 2, maxRows: 2_000 }, () => undefined);
  parts = partsOfModel(model, frame, 170);
}, 60_000);

type File = { bytes: Buffer; cutAfter: number | null };
const files = new Map<string, File>();
let ranges: (string | undefined)[] = [];
let told: { readonly modelId: string; readonly what: string; readonly why: string | null }[] = [];
let publicKey = '';
let isAway = false;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = new URL(request.url ?? '/', 'http://office').pathname;
  const json = (body: object): void => void response.end(JSON.stringify(body));
  if (isAway) {
    request.socket.destroy();
  } else if (path === '/v1/sync/models/key') json({ publicKey });
  else if (path.endsWith('/facts')) json({ facts: { 'cluster.code': 2 } });
  else if (path === '/v1/sync/model-verdicts') {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      told.push(...modelVerdicts.parse(JSON.parse(Buffer.concat(chunks).toString())).verdicts);
      json({ done: true });
    });
  } else if (path.startsWith('/link/')) json({ link: path.replace('/link', '/file') });
  else {
    const file = files.get(path.replace('/file/', ''));
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    ranges.push(request.headers.range);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': file.bytes.length - from });
    if (file.cutAfter === null) response.end(file.bytes.subarray(from));
    else {
      // The line breaks in the middle, once.
      response.write(file.bytes.subarray(from, file.cutAfter));
      // When some of it is on the till's disk.
      const part = join(folder.dir, 'models', 'demand-0001', 'model.onnx.part');
      const look = setInterval(() => {
        if ((statSync(part, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
        clearInterval(look);
        request.socket.destroy();
      }, 5);
      file.cutAfter = null;
    }
  }
}

let folder: ReturnType<typeof makeFolder>;
let shop: ShopDb;
let tables: Tables;
let desk: ModelDesk;
let office: Server;
let url = '';
const nowMs = Date.parse('2026-02-10T00:00:00Z');
beforeEach(async () => {
  files.clear();
  [ranges, told, publicKey, isAway] = [[], [], publicKeyOf(first), false];
  folder = makeFolder();
  shop = mustOpen(folder.dir);
  tables = openTables(shop);
  office = createServer(answer);
  await new Promise<void>((done) => office.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(office.address() as AddressInfo).port}`;
  desk = openDesk();
});
afterEach(async () => {
  await desk.close();
  shop.close();
  folder.remove();
  office.closeAllConnections();
  await new Promise((done) => office.close(done));
});
const openDesk = (runtime: string | null = '1.30.0'): ModelDesk =>
  makeModelDesk({
    dir: join(folder.dir, 'models'),
    tables,
    now: () => instant(nowMs),
    features: coreFeatureNames(),
    runtime: () => runtime,
    server: () => ({ url, fetch }),
    later: () => () => undefined,
    onFault: (error) => {
      throw error;
    },
  });

const pack = (no: number): ModelPackage => {
  const made = packDemand(parts, {
    modelId: `demand-000${no}`,
    version: `1.${no}.0+20260131`,
    createdAt: '2026-01-31T00:00:00Z',
    expiresAt: '2027-01-31T00:00:00Z',
    codeVersion: '0.1.0',
    parentModel: null,
    stores: 3,
  });
  if (made === null) throw new Error('no trees');
  return made;
};
type Change = {
  readonly manifest?: object;
  readonly key?: Uint8Array;
  readonly successions?: Parameters<typeof signManifest>[2];
  readonly bytes?: (onnx: Buffer) => Buffer;
  readonly isWithdrawn?: boolean;
};
/** The row that a till gets; its files as they are served. */
function release(no: number, change: Change = {}): void {
  const { manifest, onnx } = pack(no);
  const signed = signManifest({ ...manifest, ...change.manifest }, change.key ?? first, change.successions ?? []);
  const text = Buffer.from(JSON.stringify(signed));
  files.set(`${no}/manifest.json`, { bytes: text, cutAfter: null });
  files.set(`${no}/model.onnx`, { bytes: change.bytes?.(Buffer.from(onnx)) ?? Buffer.from(onnx), cutAfter: null });
  const content: SentContent<'modelReleases'> = {
    kind: 'demand',
    version: manifest.version,
    releasedAtMs: no,
    isWithdrawn: change.isWithdrawn ?? false,
    featureSchema: { id: manifest.featureSchema.id, sha256: manifest.featureSchema.sha256 },
    manifest: { url: `/link/${no}/manifest.json`, sha256: sha256Of(text), bytes: text.byteLength },
    onnx: { url: `/link/${no}/model.onnx`, sha256: sha256Of(onnx), bytes: onnx.byteLength },
  };
  tables.sentRows.put('modelReleases', 0, {
    storeId: everyStoreId,
    isOwn: false,
    key: `demand-000${no}`,
    content: JSON.stringify(content),
  });
}
const states = (): Readonly<Record<string, string>> =>
  Object.fromEntries(tables.models.list().map(({ modelId, state }) => [modelId, state]));
const whys = (): readonly string[] =>
  told.map(({ modelId, what, why }) => `${modelId.at(-1)} ${what}${why === null ? '' : ` ${why}`}`);

describe('a release', () => {
  it('comes over a line that breaks: the rest is asked for, and it waits to be judged', async () => {
    await desk.look();
    release(1);
    const onnx = files.get('1/model.onnx');
    if (onnx === undefined) throw new Error('no file');
    onnx.cutAfter = 20_000;
    await desk.look();
    expect(states()).toEqual({});
    await desk.look();
    expect(states()).toEqual({ 'demand-0001': 'waiting' });
    // The manifest once, the model twice: the second time from where it broke.
    expect(ranges.filter((range) => range !== undefined)).toHaveLength(1);
    expect(Number(ranges.at(-1)?.replace(/\D/g, ''))).toBeGreaterThan(0);
    expect((await desk.order()).candidate).toEqual({ modelId: 'demand-0001', isSecond: false });
    expect(whys()).toEqual(['1 verified']);
    // What head office says of the shop goes with it into the folder, and from there into the features.
    const opened = await openInstalled(openModelFolder(join(folder.dir, 'models'), durableFiles), 'demand-0001');
    if (!('running' in opened)) throw new Error(opened.detail);
    await opened.running.close();
    expect(opened.facts).toEqual({ 'cluster.code': 2 });
    await desk.look();
    expect(ranges).toHaveLength(3);
  });
  it('that is tampered with, of a stranger or for another schema is refused, and head office hears why', async () => {
    release(1, { bytes: (onnx) => onnx.fill(7, 900, 901) });
    await desk.look();
    // Once more from the start, then it is the file.
    expect(ranges).toHaveLength(4);
    release(2, { key: stranger });
    await desk.look();
    const { featureSchema } = pack(3).manifest;
    release(3, { manifest: { featureSchema: { ...featureSchema, id: 'demand@9.0' } } });
    await desk.look();
    release(4, { manifest: { expiresAt: '2026-02-09T00:00:00Z' } });
    await desk.look();
    const { golden } = pack(5).manifest;
    release(5, { manifest: { golden: { ...golden, outputs: golden.inputs['plain'] ?? '' } } });
    await desk.look();
    expect(states()).toEqual({
      'demand-0001': 'refused',
      'demand-0002': 'refused',
      'demand-0003': 'refused',
      'demand-0004': 'refused',
      'demand-0005': 'refused',
    });
    expect(whys()).toEqual([
      '1 refused hashDiffers',
      '2 refused keyUnknown',
      '3 refused schemaOther',
      '4 refused expired',
      '5 refused goldenDiffers',
    ]);
    expect(
      await openModelFolder(join(folder.dir, 'models'), durableFiles).read('demand-0002', 'model.onnx'),
    ).toBeNull();
  });
  it('is believed by the key that was pinned first, and by the one which that key named', async () => {
    release(1);
    await desk.look();
    // Somebody took the server over and has a key of their own.
    publicKey = publicKeyOf(stranger);
    release(2, { key: stranger });
    await desk.look();
    expect(states()['demand-0002']).toBe('refused');
    const handed = signSuccession(first, publicKeyOf(second));
    release(3, { key: second, successions: [handed] });
    await desk.look();
    expect(states()['demand-0003']).toBe('waiting');
    release(4, { key: first });
    await desk.look();
    expect(states()['demand-0004']).toBe('refused');
    expect(whys().at(-1)).toBe('4 refused keyUnknown');
  });
  it("on a PC that has no onnxruntime is refused as the PC's matter", async () => {
    await desk.close();
    desk = openDesk(null);
    release(1);
    await desk.look();
    expect(whys()).toEqual(['1 refused runtimeMissing']);
  });
  it('that is withdrawn is left for the one before; what happened without a network is told later', async () => {
    release(1);
    await desk.look();
    const verdict = (modelId: string) => ({
      judged: {
        modelId,
        verdict: {
          outcome: 'promote' as const,
          failed: [],
          figures: {
            origins: 4,
            wql: 0.3,
            incumbentWql: 0.4,
            better: 1,
            coverage: 0.8,
            bias: 0,
            incumbentBias: 0,
            worstSegment: null,
            inferenceMs: 1,
          },
        },
      },
      passedOver: [],
      drift: null,
    });
    await desk.take(verdict('demand-0001'));
    release(2);
    await desk.look();
    isAway = true;
    await desk.take(verdict('demand-0002'));
    expect(states()).toEqual({ 'demand-0001': 'previous', 'demand-0002': 'running' });
    release(2, { isWithdrawn: true });
    await desk.look();
    expect(states()).toEqual({ 'demand-0001': 'running', 'demand-0002': 'withdrawn' });
    expect(whys()).toEqual(['1 verified', '1 promoted', '2 verified']);
    isAway = false;
    await desk.look();
    expect(whys().slice(3)).toEqual(['2 promoted', '2 withdrawn headOffice']);
    // It is not fetched again,
    expect((await desk.order()).candidate).toBeNull();
    // until head office gives it back: then it is checked and judged like a new one.
    release(2);
    await desk.look();
    expect(states()).toEqual({ 'demand-0001': 'running', 'demand-0002': 'waiting' });
    expect((await desk.order()).candidate?.modelId).toBe('demand-0002');
    expect(whys().slice(5)).toEqual(['2 verified']);
  });
});
