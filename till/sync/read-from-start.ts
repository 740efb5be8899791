/**
 * Reads a shape from its start to where it is up to date, by plain requests: while a whole catalogue comes in, the
 * client's parser takes a quarter of the time and its pages hold the till's thread. Rule kept: what it gives is what
 * Electric's client gives of a shape whose values are all text (a test reads both ways); the next page is on its way
 * while one is taken; nothing is skipped: a page that fails is asked for again. It follows nothing live.
 */
import { setImmediate as letOthers } from 'node:timers/promises';
import type { Message } from '@electric-sql/client';
import type { SyncServer } from './till-access.ts';

export type TextRow = Readonly<Record<string, string>>;
export type ShapePart = {
  readonly messages: readonly Message<TextRow>[];
  /** Behind all of these messages; null: behind a part of a page, no place to begin at. */
  readonly place: { readonly handle: string; readonly offset: string } | null;
};
/** The server's answer that asking again does not change: 401 and 403 are a till that is shut out. */
export class ShapeRefused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`the shape answered ${status}`);
    this.status = status;
  }
}

export type ReadFromStartDeps = {
  readonly server: SyncServer;
  readonly shape: string;
  readonly signal: AbortSignal;
  readonly later: (work: () => void, ms: number) => () => void;
  /** Characters that are parsed at once. */
  readonly pieceLength?: number | undefined;
};

type Place = { readonly handle: string | null; readonly offset: string };
type Page =
  | {
      readonly kind: 'rows';
      readonly text: string;
      readonly next: Place & { handle: string };
      readonly isLast: boolean;
    }
  | { readonly kind: 'startAnew'; readonly handle: string | null };

/** Some milliseconds of parsing, and about as many rows as one transaction takes. */
const usualPiece = 1_000_000;
const [firstWaitMs, longestWaitMs] = [1_000, 32_000];
/** A shape that begins anew so often is no shape. */
const mostStarts = 10;
const startOffset = '-1';

/** A place to cut between two messages: in a string no quote stands by itself. */
const betweenMessages = /\}\s*,\s*(?=\{")/g;

/** The messages of a page in parts; a cut that was none (it does not parse) is not made. */
export function* messagesIn(text: string, pieceLength: number): Generator<readonly Message<TextRow>[]> {
  const body = text.trim();
  if (!body.startsWith('[') || !body.endsWith(']')) throw new SyntaxError('not a list of messages');
  const end = body.length - 1;
  const length = Math.ceil(end / Math.max(1, Math.round(end / pieceLength)));
  let from = 1;
  while (from < end) {
    betweenMessages.lastIndex = from + length;
    const cut = betweenMessages.exec(body);
    let to = cut === null ? end : cut.index + 1;
    let next = cut === null ? end : betweenMessages.lastIndex;
    let messages: readonly Message<TextRow>[];
    try {
      messages = parse(body.slice(from, to));
    } catch (error) {
      if (cut === null) throw error;
      [to, next] = [end, end];
      messages = parse(body.slice(from, to));
    }
    yield messages;
    from = next;
  }
}

const parse = (messages: string): readonly Message<TextRow>[] => JSON.parse(`[${messages}]`);

const isUpToDate = (message: Message<TextRow>): boolean =>
  'control' in message.headers && message.headers.control === 'up-to-date';

/** Of `retry-after`; a date there counts as nothing said. */
function asksToWaitMs(header: string | null): number {
  if (header === null) return 0;
  const seconds = Number(header);
  return Number.isFinite(seconds) ? seconds * 1_000 : 0;
}

/** Ends where the shape is up to date. Throws ShapeRefused, and what the signal was aborted with. */
export async function* readFromStart(deps: ReadFromStartDeps): AsyncGenerator<ShapePart> {
  const { server, shape, signal } = deps;

  async function askOnce({ handle, offset }: Place): Promise<Page | { readonly kind: 'wait'; readonly ms: number }> {
    const url = new URL(`/v1/sync/shape/${shape}`, server.url);
    url.searchParams.set('offset', offset);
    if (handle !== null) url.searchParams.set('handle', handle);
    const answer = await server.fetch(url.href, { signal });
    const next = { handle: answer.headers.get('electric-handle'), offset: answer.headers.get('electric-offset') };
    if (answer.ok) {
      const text = await answer.text();
      if (next.handle === null || next.offset === null) throw new ShapeRefused(answer.status);
      const isLast = answer.headers.has('electric-up-to-date');
      return { kind: 'rows', text, next: { handle: next.handle, offset: next.offset }, isLast };
    }
    await answer.body?.cancel();
    if (answer.status === 409) return { kind: 'startAnew', handle: next.handle };
    if (answer.status === 429 || answer.status >= 500) {
      return { kind: 'wait', ms: asksToWaitMs(answer.headers.get('retry-after')) };
    }
    throw new ShapeRefused(answer.status);
  }

  /** However long there is no network. */
  async function ask(place: Place): Promise<Page> {
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
      let leastMs = 0;
      try {
        const page = await askOnce(place);
        if (page.kind !== 'wait') return page;
        leastMs = page.ms;
      } catch (error) {
        signal.throwIfAborted();
        // As fetch says it: no network, or it went away in the middle.
        if (!(error instanceof TypeError)) throw error;
      }
      await new Promise<void>((go) => deps.later(go, Math.max(waitMs, leastMs)));
      signal.throwIfAborted();
    }
  }
  const begin = (place: Place): Promise<Page> => {
    const asked = ask(place);
    // It is awaited later; until then its failure is nobody's.
    asked.catch(() => undefined);
    return asked;
  };

  let coming = begin({ handle: null, offset: startOffset });
  let starts = 1;
  for (;;) {
    const page = await coming;
    if (page.kind === 'startAnew') {
      starts += 1;
      if (starts > mostStarts) throw new ShapeRefused(409);
      coming = begin({ handle: page.handle, offset: startOffset });
      yield { messages: [{ headers: { control: 'must-refetch' } }], place: null };
      continue;
    }
    if (!page.isLast) coming = begin(page.next);
    let held: readonly Message<TextRow>[] | null = null;
    for (const messages of messagesIn(page.text, deps.pieceLength ?? usualPiece)) {
      if (held !== null) yield { messages: held, place: null };
      held = messages;
      // Parsing and taking are two pieces of the thread's time.
      await letOthers();
      signal.throwIfAborted();
    }
    yield { messages: held ?? [], place: page.next };
    if (page.isLast || held?.some(isUpToDate) === true) return;
  }
}
