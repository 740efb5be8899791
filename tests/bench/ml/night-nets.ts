/**
 * The night's shop with a model that has nets, as head office would release one; put in place of the shop's own trees.
 * Made once and kept beside the shop itself. Rule kept: the bench is of its cost, not of its skill: as large as a model
 * that ships, learnt for some steps only, every member with an equal say.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant } from '#core/time.ts';
import { learnConformal } from '#ml/ensemble/conformal.ts';
import { modelThreads } from '#ml/onnx/runtime.ts';
import { packDemand, partsOfModel } from '#ml/registry/pack-demand.ts';
import { fitMembers } from '#ml/train/members.ts';
import { readShop, type ShopPast } from '#till/forecast/shop-past.ts';
import { durableFiles } from '#till/models/durable-files.ts';
import { openModelFolder } from '#till/models/model-folder.ts';
import { say } from '../till/figures.ts';
import { benchNets } from './bench-model.ts';
import { nightShopEnds, type NightShop } from './night-shop.ts';

const modelId = 'demand-with-nets';
const heldBackDays = 28;
const monthsMs = 180 * 86_400_000;

async function packOf(past: ShopPast, maxRows: number) {
  const origin = past.days - heldBackDays;
  const settings = { horizon: past.ahead, seed: 1, threads: modelThreads(), maxRows, nets: benchNets };
  const members = await fitMembers(past.frame, origin, settings, () => undefined);
  if (members.nets.length !== benchNets.length) throw new Error('the past is too short for nets');
  const count = 1 + members.boosted.length + members.nets.length;
  const even = Array.from({ length: count }, () => 1 / count);
  const model = {
    members,
    weights: { p10: even, p50: even, p90: even, mean: even },
    conformal: learnConformal(past.frame, []),
    totals: [],
    windows: [],
    isSnapped: false,
    reach: 1,
    settings,
  };
  return packDemand(partsOfModel(model, past.frame, origin), {
    modelId,
    version: '1.0.0+20260101',
    createdAt: new Date(instant(Date.now())).toISOString(),
    expiresAt: new Date(Date.now() + monthsMs).toISOString(),
    codeVersion: 'bench',
    parentModel: null,
    stores: 1,
  });
}

/** Into the copy of the shop in `dir`. */
export async function putNets(shop: NightShop, dir: string, maxRows: number): Promise<void> {
  const hash = createHash('sha256').update(JSON.stringify({ ...shop, ends: nightShopEnds(), maxRows }));
  for (const name of ['bench-model.ts', 'night-nets.ts', 'night-shop.ts'])
    hash.update(readFileSync(join(import.meta.dirname, name)));
  const home = join(tmpdir(), `billmitra-nets-${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(home)) {
    say('training a model with nets for the night (once)');
    const past = readShop(join(dir, 'shop.db'), nightShopEnds(), 14, '27', () => undefined);
    const made = past === null ? null : await packOf(past, maxRows);
    if (made === null) throw new Error('nothing to learn from');
    const making = `${home}.making-${process.pid}`;
    mkdirSync(making, { recursive: true });
    const folder = openModelFolder(making, durableFiles);
    await folder.put(modelId, 'manifest.json', new TextEncoder().encode(JSON.stringify(made.manifest)));
    await folder.put(modelId, 'model.onnx', made.onnx);
    await folder.point({ running: modelId, previous: [], shadow: null });
    if (existsSync(home)) rmSync(making, { recursive: true, force: true });
    else renameSync(making, home);
  }
  rmSync(join(dir, 'models'), { recursive: true, force: true });
  cpSync(home, join(dir, 'models'), { recursive: true });
}
