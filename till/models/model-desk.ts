/**
 * The shop's models: follows head office's releases, hands the night's job what it may use, makes its verdicts come true,
 * goes back when told. Rule kept: one change at a time; the pointer is changed first and the rows after it, and at the
 * start rows are made to say what the pointer says; while it can't be read nothing is changed and it is asked for again;
 * without a network everything here but fetching and telling works.
 */
import type { ModelPage } from '#contract/till-forecast.ts';
import type { Instant } from '#core/time.ts';
import type { InstallState, ModelInstall, ModelOrigin } from '#db/models.ts';
import { canonicalJson } from '#ml/registry/canonical-json.ts';
import type { ModelPackage } from '#ml/registry/pack-demand.ts';
import { listSent } from '../sent-rows.ts';
import type { Tables } from '../tables.ts';
import type { SyncServer } from '../sync/till-access.ts';
import { type DurableFiles, durableFiles } from './durable-files.ts';
import type { ModelOrder, ModelReport } from './forecast-ladder.ts';
import { noPointer, openModelFolder, type Pointer } from './model-folder.ts';
import { eventOf, figuresText, type Happening, verdictOf, viewOf } from './model-words.ts';
import type { OpenWords } from './open-model.ts';
import { knowPointer, rowsToMend } from './settle-pointer.ts';
import { askModelKey, type Release, takeRelease } from './take-release.ts';
import { tellVerdicts } from './tell-verdicts.ts';

export type ModelDeskDeps = OpenWords & {
  readonly dir: string;
  readonly tables: Pick<Tables, 'models' | 'sentRows' | 'settings'>;
  readonly now: () => Instant;
  /** Names of the features that this till builds (schema of the product). */
  readonly features: readonly string[];
  /** Of onnxruntime; null: it is not here. */
  readonly runtime: () => string | null;
  readonly server: () => SyncServer | null;
  readonly later: (work: () => void, ms: number) => () => void;
  readonly onFault: (error: unknown) => void;
  readonly files?: DurableFiles | undefined;
};
export type ModelDesk = {
  /** For the night's job, when rows say what the pointer says; it waits for no network. */
  readonly order: () => Promise<ModelOrder>;
  /** What the night's job found. */
  readonly take: (report: ModelReport) => Promise<void>;
  /** Releases may have come, or the network may be back. Resolves when all that could be done is. */
  readonly look: () => Promise<void>;
  /** A model that was trained at this shop waits to be judged like any other. */
  readonly installHere: (made: ModelPackage) => Promise<void>;
  /** False: there is no such model to go back to. */
  readonly rollBack: (modelId: string) => Promise<boolean>;
  readonly page: () => Pick<ModelPage, 'models' | 'events' | 'isUnread'>;
  readonly close: () => Promise<void>;
};

const pinKey = 'modelKey';
const dayMs = 86_400_000;
/** A model runs beside the other for so long before it is judged once more. */
const shadowMs = 7 * dayMs;
const lookAgainMs = 10 * 60_000;
/** A pointer that the disk did not hand out is asked for again. */
const readAgainMs = 30_000;
const eventsShown = 60;

export function makeModelDesk(deps: ModelDeskDeps): ModelDesk {
  const { tables, now } = deps;
  const { models } = tables;
  const folder = openModelFolder(deps.dir, deps.files ?? durableFiles);
  const stopping = new AbortController();
  let pointer: Pointer = noPointer;
  /** The pointer is as the folder has it. */
  let isKnown = false;
  /** It was asked for and the disk did not hand it out. */
  let isUnread = false;
  let reading: Promise<boolean> | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  let forget: () => void = () => undefined;
  /** One after the other, so that no two change the pointer at once. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  const happened = (
    modelId: string,
    what: Happening,
    why: string | null = null,
    figures: string | null = null,
  ): void => {
    const version = models.get(modelId)?.version ?? '';
    const isToTell = models.get(modelId)?.origin === 'headOffice' && what !== 'arrived';
    models.add({ atMs: now(), modelId, version, what, why, figures }, isToTell);
  };
  const become = (modelId: string, state: InstallState, figures?: string): void => {
    const before = models.get(modelId);
    if (before !== null) models.put({ ...before, state, sinceMs: now(), figures: figures ?? before.figures });
  };
  const point = async (to: Pointer): Promise<void> => {
    pointer = await folder.point(to);
  };
  const rowRunning = (): ModelInstall | undefined => models.list().find(({ state }) => state === 'running');
  const waiting = (): readonly ModelInstall[] => models.list().filter(({ state }) => state === 'waiting');
  const sweep = (): Promise<void> => folder.sweep(waiting().map(({ modelId }) => modelId));

  async function readPointer(): Promise<boolean> {
    let isMended = false;
    try {
      ({ pointer, isMended } = await knowPointer(folder, models.list()));
    } catch (error) {
      // Said once, however often it is asked for.
      if (!isUnread) {
        isUnread = true;
        happened(rowRunning()?.modelId ?? '', 'unread');
        deps.onFault(error);
      }
      return false;
    }
    for (const { modelId, state } of rowsToMend(pointer, models.list())) become(modelId, state);
    if (isMended && pointer.running !== null) happened(pointer.running, 'mended');
    [isKnown, isUnread] = [true, false];
    return true;
  }
  /** Nothing is changed, nobody judged, before it is true: a change would be made of what is not known. */
  function know(): Promise<boolean> {
    if (isKnown) return Promise.resolve(true);
    reading ??= readPointer().finally(() => {
      reading = null;
    });
    return reading;
  }

  /** Away from the model that runs; `why` says whether it may ever run again. */
  async function leave(state: 'refused' | 'withdrawn', why: string): Promise<void> {
    const { running, previous } = pointer;
    if (running === null) return;
    const [target = null, ...rest] = previous;
    await point({ running: target, previous: rest, shadow: pointer.shadow });
    become(running, state);
    if (target !== null) become(target, 'running');
    happened(running, state === 'withdrawn' ? 'withdrawn' : 'rolledBack', why);
  }

  async function promote(modelId: string, figures: string): Promise<void> {
    const { running, previous } = pointer;
    const before = [running, ...previous].filter((id): id is string => id !== null && id !== modelId);
    await point({ running: modelId, previous: before, shadow: null });
    if (running !== null) become(running, 'previous');
    become(modelId, 'running', figures);
    happened(modelId, 'promoted', null, figures);
    await sweep();
  }

  async function takeReport(report: ModelReport): Promise<void> {
    const { judged } = report;
    if (judged !== null && models.get(judged.modelId) !== null) {
      const { outcome, failed } = judged.verdict;
      const figures = figuresText(judged.verdict.figures);
      const why = failed.join(',');
      if (outcome === 'promote') await promote(judged.modelId, figures);
      else if (outcome === 'shadow') {
        const other = pointer.shadow?.modelId;
        if (other !== undefined && other !== judged.modelId) become(other, 'refused');
        await point({ ...pointer, shadow: { modelId: judged.modelId, sinceMs: now() } });
        become(judged.modelId, 'shadow', figures);
        happened(judged.modelId, 'shadowed', why, figures);
      } else {
        await point({ ...pointer, shadow: null });
        become(judged.modelId, 'refused', figures);
        happened(judged.modelId, 'refused', `worse:${why}`, figures);
        await sweep();
      }
    }
    for (const { modelId, reason, detail } of report.passedOver) await takeFailure(modelId, reason, detail);
    const { running } = pointer;
    if (report.drift === null || report.drift.action === null || running === null) return;
    const { action, alarms } = report.drift;
    happened(running, 'drifted', `${action}:${alarms.map(({ kind }) => kind).join(',')}`);
    if (action === 'rollBack') await leave('refused', 'drift');
  }

  async function takeFailure(modelId: string, reason: string, detail: string): Promise<void> {
    const last = models.happenings(20).find((one) => one.modelId === modelId && one.what === 'failed');
    // Said once a day, however often the job runs.
    if (last === undefined || last.why !== reason || now() - last.atMs >= dayMs)
      happened(modelId, 'failed', reason, canonicalJson({ detail }));
    const state = models.get(modelId)?.state;
    // One that runs stays: another night, another answer. One that only wants to is refused, unless no model runs here.
    if ((state === 'waiting' || state === 'shadow') && reason !== 'noRuntime') {
      if (pointer.shadow?.modelId === modelId) await point({ ...pointer, shadow: null });
      become(modelId, 'refused');
      happened(modelId, 'refused', reason);
    }
  }

  async function pinOf(server: SyncServer): Promise<string | null> {
    const kept = tables.settings.get(pinKey);
    const read = kept === null ? null : (JSON.parse(kept) as { readonly url: string; readonly publicKey: string });
    // Another head office has another key; the same one only by a succession that the old key signed.
    if (read !== null && read.url === server.url) return read.publicKey;
    const publicKey = await askModelKey(server, stopping.signal);
    if (publicKey !== null) keepPin(server, publicKey);
    return publicKey;
  }
  const keepPin = (server: SyncServer, publicKey: string): void =>
    tables.settings.set(pinKey, JSON.stringify({ url: server.url, publicKey }));

  const register = (
    modelId: string,
    made: { readonly kind: string; readonly version: string },
    origin: ModelOrigin,
    state: InstallState,
  ): void =>
    models.put({ modelId, kind: made.kind, version: made.version, origin, state, sinceMs: now(), figures: null });

  async function fetchRelease(modelId: string, release: Release): Promise<void> {
    const server = deps.server();
    if (server === null) return;
    const pin = await pinOf(server);
    if (pin === null) return;
    const found = await takeRelease({ server, folder, words: deps, signal: stopping.signal }, modelId, release, {
      pin,
      features: deps.features,
      runtime: deps.runtime(),
      nowMs: now(),
    });
    if (found.kind === 'later' || stopping.signal.aborted) return;
    const isInstalled = found.kind === 'installed';
    register(modelId, release, 'headOffice', isInstalled ? 'waiting' : 'refused');
    happened(modelId, 'arrived');
    if (!isInstalled) {
      const { code, detail } = found.refusal;
      happened(modelId, 'refused', code, detail === '' ? null : canonicalJson({ detail }));
      await sweep();
      return;
    }
    if (found.checked.pin !== null && found.checked.pin !== pin) keepPin(server, found.checked.pin);
    // An older one that still waits is overtaken.
    for (const { modelId: other, origin } of waiting())
      if (other !== modelId && origin === 'headOffice') become(other, 'refused');
    happened(modelId, 'verified');
  }

  async function followReleases(): Promise<void> {
    const rows = listSent(tables, 'modelReleases').filter(({ content }) => content.kind === 'demand');
    for (const { key, content } of rows) {
      const state = models.get(key)?.state;
      if (!content.isWithdrawn || state === undefined || state === 'withdrawn' || state === 'refused') continue;
      if (pointer.running === key) await leave('withdrawn', 'headOffice');
      else {
        await point({
          ...pointer,
          previous: pointer.previous.filter((id) => id !== key),
          shadow: pointer.shadow?.modelId === key ? null : pointer.shadow,
        });
        become(key, 'withdrawn');
        happened(key, 'withdrawn', 'headOffice');
      }
    }
    const newest = rows
      .filter(({ content }) => !content.isWithdrawn)
      .toSorted((a, b) => b.content.releasedAtMs - a.content.releasedAtMs)[0];
    if (newest === undefined) return;
    // One that head office took back and gives back is fetched and judged anew.
    const held = models.get(newest.key)?.state;
    if (held === undefined || held === 'withdrawn') await fetchRelease(newest.key, newest.content);
  }

  async function tell(): Promise<void> {
    const server = deps.server();
    const untold = server === null ? [] : models.untold(100);
    const last = untold.at(-1);
    if (server === null || last === undefined) return;
    const verdicts = untold.flatMap(verdictOf);
    if (verdicts.length === 0 || (await tellVerdicts(server, { verdicts }, stopping.signal))) models.markTold(last.seq);
  }

  async function lookNow(): Promise<void> {
    forget();
    try {
      if ((await know()) && !stopping.signal.aborted) await followReleases();
      if (!stopping.signal.aborted) await tell();
    } catch (error) {
      if (!stopping.signal.aborted) deps.onFault(error);
    } finally {
      if (!stopping.signal.aborted)
        forget = deps.later(() => void inTurn(lookNow), isKnown ? lookAgainMs : readAgainMs);
    }
  }

  void inTurn(lookNow);

  return {
    order: async () => {
      const isJudging = await know().catch(() => false);
      const shadow = models.list().find(({ state, sinceMs }) => state === 'shadow' && now() - sinceMs >= shadowMs);
      // Rows that could not be set right may call the one that runs waiting: nothing is judged by them.
      const next = isJudging ? (shadow ?? waiting()[0]) : undefined;
      const running = rowRunning();
      return {
        dir: deps.dir,
        running: running?.modelId ?? null,
        candidate: next === undefined ? null : { modelId: next.modelId, isSecond: next.state === 'shadow' },
        runningSinceMs: running?.sinceMs ?? null,
        nowMs: now(),
        program: deps.program?.href ?? null,
      };
    },
    take: (report) =>
      inTurn(async () => {
        if (await know()) await takeReport(report);
        // Head office hears of it without anybody waiting.
        void inTurn(lookNow);
      }),
    look: () => inTurn(lookNow),
    installHere: ({ manifest, onnx }) =>
      inTurn(async () => {
        const { modelId } = manifest;
        await folder.put(modelId, 'model.onnx', onnx);
        await folder.put(modelId, 'manifest.json', new TextEncoder().encode(JSON.stringify(manifest)));
        register(modelId, manifest, 'thisShop', 'waiting');
        happened(modelId, 'trainedHere');
      }),
    rollBack: (modelId) =>
      inTurn(async () => {
        if (!(await know())) return false;
        const { running, previous } = pointer;
        if (!previous.includes(modelId)) return false;
        const rest = previous.filter((id) => id !== modelId);
        // The owner may come back: what ran is the first to go back to.
        await point({
          running: modelId,
          previous: running === null ? rest : [running, ...rest],
          shadow: pointer.shadow,
        });
        if (running !== null) {
          become(running, 'previous');
          happened(running, 'rolledBack', 'owner');
        }
        become(modelId, 'running');
        void inTurn(lookNow);
        return true;
      }),
    page: () => ({
      models: models.list().map((install) => viewOf(install, pointer)),
      events: models.happenings(eventsShown).flatMap(eventOf),
      isUnread,
    }),
    close: async () => {
      stopping.abort();
      forget();
      await turn;
    },
  };
}
