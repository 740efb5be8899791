/**
 * What passes between a till and the server that gathers its shop's bills. Rule kept: a till pushes its journal's
 * entries in order; each is answered by itself, so that one bad entry never holds the next. The text of an entry
 * travels as the till keeps it: what is the same document is the same text.
 */
import { z } from 'zod';
import * as i from './inputs.ts';

/** A batch is at most this many entries and, unpacked, this many bytes. */
export const maxBatchEntries = 500;
export const maxBatchBytes = 8 * 1024 * 1024;

export const pushEntry = z.object({
  /** Place in the till's journal, from 1, without gap but for what never leaves the shop. */
  seq: z.int().min(1),
  kind: z.string().regex(/^[a-zA-Z]{1,40}$/),
  id: i.uuid,
  atMs: z.int().min(0),
  /** JSON text: for a bill or a credit note the whole document. */
  content: z.string().max(2_000_000),
});
export type PushEntry = z.infer<typeof pushEntry>;

/** A server of before reads past it and answers as it did. */
const isAgain = z.boolean().optional();

export const pushBatch = z.object({
  entries: z.array(pushEntry).min(1).max(maxBatchEntries),
  /** The last entry before these that the server has confirmed, as the till remembers it. */
  afterSeq: z.int().min(0).optional(),
  /** Its first and only entry was refused before and is to be judged anew: somebody pressed "send again". */
  isAgain,
});
export type PushBatch = z.infer<typeof pushBatch>;

/**
 * How a till packs a batch: the length of what follows (4 bytes, big-endian), `pushHead` as JSON in gzip, and then the
 * entries' texts as they are, one after the other, in gzip. What the server has already it knows by the head alone, and
 * no text is quoted within another. JSON of `PushBatch` (`application/json+gzip`) says the same and is taken as well.
 */
export const pushType = 'application/x-billmitra-push';
export const pushHead = z.object({
  entries: z
    .array(
      pushEntry.omit({ content: true }).extend({
        /** Of the entry's text, in UTF-8. */
        bytes: z.int().min(0).max(6_000_000),
        /** SHA-256 of those bytes, in hex. The server works it out again from what it stores. */
        hash: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1)
    .max(maxBatchEntries),
  afterSeq: z.int().min(0).optional(),
  isAgain,
});
export type PushHead = z.infer<typeof pushHead>;

/** Why an entry was kept aside; `detail` is for a person who looks into it, never shown to a cashier. */
export type Rejection =
  | { readonly reason: 'unreadable'; readonly detail: string }
  | { readonly reason: 'doesNotAddUp'; readonly detail: string }
  | { readonly reason: 'notYours'; readonly detail: string }
  | { readonly reason: 'numberTaken'; readonly detail: string }
  /** Its day is before GST or yet to come: a till's clock is to be set. */
  | { readonly reason: 'dateOutOfRange'; readonly detail: string }
  /** The same id came before with other content: somebody is to look at it at once. */
  | { readonly reason: 'changed'; readonly detail: string }
  /** The server could not take it; `detail` is the incident under which its makers find out why. */
  | { readonly reason: 'fault'; readonly detail: string };

export type PushAnswer =
  | { readonly id: string; readonly seq: number; readonly outcome: 'accepted' }
  | ({ readonly id: string; readonly seq: number; readonly outcome: 'rejected' } & Rejection);
export type PushReply = {
  readonly answers: readonly PushAnswer[];
  /** Another one than before: the server was restored from a copy. */
  readonly epoch: string;
  /** Everything of this till up to here is there; less than what was sent: something is missing, send again from here. */
  readonly throughSeq: number;
};

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** `POST /v1/sync/beat`: what a till says of itself when it has nothing else to say. */
export const tillBeat = z.object({
  /** Entries of its journal that wait. */
  backlog: z.int().min(0),
  version: z.string().max(40),
  /** When the oldest of them was made; null: nothing waits. */
  waitsSinceMs: z.int().min(0).nullable().optional(),
  /**
   * What came of comparing each shape with head office's count and hash: all were the same, or which were not, when last
   * looked. Not there: not compared yet.
   */
  audit: z
    .object({
      atMs: z.int().min(0),
      items: z.int().min(0).nullable(),
      differing: z.array(z.string().max(40)).max(40),
    })
    .optional(),
});
export type TillBeat = z.infer<typeof tillBeat>;
export type BeatReply = Pick<PushReply, 'epoch' | 'throughSeq'>;

/** A till asks to belong to an organisation. */
export const enrolRequest = z.object({
  /** As a person typed it: any case, with or without a dash. */
  code: z.string().max(40),
  tillId: i.uuid,
  storeId: i.uuid,
  tillName: i.shortText,
  hasDocuments: z.boolean(),
  /** SHA-256 of the first refresh token, which the till makes and keeps: it never travels before it is used. */
  tokenHash: sha256,
  /** Brought back from a backup: whom it replaces, the last journal entry of that one in the backup, its own series. */
  restored: z.object({ tillId: i.uuid, throughSeq: z.int().min(0), series: i.shortText }).optional(),
});

/** A secret that a till made: 32 random bytes, base64url. */
const tillSecret = z.string().regex(/^[\w-]{20,100}$/);
/** `POST /v1/sync/token`: a new access token for the refresh token, which is used up; its successor's hash goes along. */
export const tokenRequest = z.object({
  tillId: i.uuid,
  refresh: tillSecret,
  nextHash: sha256,
  /** Those used before, newest first: sent when the server knows `refresh` not, it may have come back from a copy. */
  earlier: z.array(tillSecret).max(2_000).default([]),
});
export type TokenReply =
  | { readonly ok: true; readonly access: string; readonly livesMs: number }
  /** With status 401. What a till is told when it pushes too; `expired` is only ever said of an access token. */
  | { readonly ok: false; readonly reason: Exclude<TillShutOut, 'expired'> };
/** Why a till is not let in: a person types a new code, but for `expired`. */
export const tillShutOut = z.enum(['expired', 'unknown', 'revoked', 'lapsed', 'reused']);
export type TillShutOut = z.infer<typeof tillShutOut>;

/**
 * `GET /v1/sync/models/ID/facts`: features of the till's own store that no bill of it says, by name, as the model was told
 * them in training (`cluster.code`: stores that sell alike). One that is not in it is not known.
 */
export const modelFacts = z.object({ facts: z.record(z.string().max(80), z.number()) });
export type ModelFacts = z.infer<typeof modelFacts>['facts'];

/**
 * `POST /v1/sync/model-verdicts`: what became of released models at this shop, as figures without names. `refused` and
 * `rolledBack` count against a release; a PC that can't run any model says so in `why` and does not.
 */
/**
 * A journal entry by which a till names the shop's own goods, a piece at a time: id, category, unit, selling price in paise
 * of a base unit.
 */
export const ownGoodsTold = z.object({
  goods: z
    .array(
      z.tuple([
        z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        z.string().max(200).nullable(),
        z.string().max(20),
        z.int().min(0),
      ]),
    )
    .max(1_000),
});
export type OwnGoodsTold = {
  readonly goods: readonly (readonly [string, string | null, string, number])[];
};

export const modelVerdicts = z.object({
  verdicts: z
    .array(
      z.object({
        modelId: z.string().max(64),
        what: z.enum(['verified', 'refused', 'shadowed', 'promoted', 'rolledBack', 'withdrawn', 'drifted', 'failed']),
        why: z.string().max(200).nullable(),
        atMs: z.int().min(0),
        figures: z.record(z.string().max(40), z.number()),
      }),
    )
    .min(1)
    .max(100),
});
export type ModelVerdicts = z.infer<typeof modelVerdicts>;

/**
 * `POST /v1/sync/audit/NAME/differs`: a till's rows of a shape are other than head office's again and again. Head office
 * compares what it sends with what it has. `whole`: that is right, so the till lost it and reads all anew. `appended`:
 * what was missing comes by the shape. `begunAnew`: the shape begins anew by itself. `notKnown`: not now.
 */
export const differsReply = z.object({
  outcome: z.enum(['whole', 'appended', 'begunAnew', 'notKnown']),
  /** Under which head office wrote it down; null: there was nothing to write. */
  incident: z.string().max(40).nullable(),
});
export type DiffersReply = z.infer<typeof differsReply>;
