/**
 * The object store on S3, or on what speaks it (radosgw, MinIO). Rule kept: one PUT an object, so that it appears whole or
 * not at all. Put-if-absent is `If-None-Match: *`; where the endpoint ignores it (asked once, with an object of our own)
 * a HEAD goes before the PUT and writers of this process take turns: then each key must have one writer, which all
 * callers keep (a job holds its own lock, a backup's key names its till and moment).
 */
import { Readable } from 'node:stream';
import { randomUUID } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { demandKey, demandPrefix, type ObjectBody, type ObjectHead, type ObjectStore } from './port.ts';

export type S3Options = {
  readonly bucket: string;
  /** Another than Amazon's; then the bucket stands in the path. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  /** Without: as the SDK finds them (environment, role of the machine). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
};
export type S3Store = ObjectStore & {
  /** Whether the endpoint itself keeps put-if-absent. */
  readonly isConditional: () => Promise<boolean>;
  readonly close: () => void;
};

const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
/** Whoever knows the header and finds the key answers one of these. */
const isTaken = (error: unknown): boolean => statusOf(error) === 412 || statusOf(error) === 409;

/** Ends in an error when the stream is not as long as was said: what is cut short is not stored. */
async function* measured(stream: Readable, bytes: number): AsyncIterable<Uint8Array> {
  let seen = 0;
  for await (const chunk of stream) {
    seen += (chunk as Buffer).byteLength;
    if (seen > bytes) break;
    yield chunk as Buffer;
  }
  if (seen !== bytes) throw new Error(`the stream has ${seen} bytes, not ${bytes}`);
}

export function openS3Store(options: S3Options): S3Store {
  const { bucket: Bucket, endpoint, credentials } = options;
  const quiet = (): void => undefined;
  const client = new S3Client({
    // What goes wrong is thrown and told by whoever asked; the SDK would also write to stderr.
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    region: options.region ?? 'ap-south-1',
    // Peers of Amazon's don't know the checksums that newer SDKs add by themselves.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials === undefined ? {} : { credentials }),
  });

  async function write(Key: string, body: ObjectBody, IfNoneMatch?: '*'): Promise<void> {
    const condition = IfNoneMatch === undefined ? {} : { IfNoneMatch };
    if (body instanceof Uint8Array) {
      const ContentLength = body.byteLength;
      await client.send(new PutObjectCommand({ Bucket, Key, Body: body, ContentLength, ...condition }));
      return;
    }
    const Body = Readable.from(measured(body.stream, body.bytes), { objectMode: false });
    // The SDK does not hear that a stream broke: it would wait for the rest until the endpoint gives up.
    const breaks = new AbortController();
    Body.once('error', (error) => breaks.abort(error));
    const asked = new PutObjectCommand({ Bucket, Key, Body, ContentLength: body.bytes, ...condition });
    try {
      await client.send(asked, { abortSignal: breaks.signal });
    } catch (error) {
      throw Body.errored ?? error;
    } finally {
      body.stream.destroy();
    }
  }

  async function head(key: string): Promise<ObjectHead | null> {
    try {
      const found = await client.send(new HeadObjectCommand({ Bucket, Key: demandKey(key) }));
      return { key, bytes: found.ContentLength ?? 0, writtenAtMs: found.LastModified?.getTime() ?? 0 };
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  /** Writes an object of our own twice: an endpoint that keeps the promise refuses the second. */
  async function probe(): Promise<boolean> {
    const key = `probe/${randomUUID()}`;
    try {
      await write(key, Buffer.from('1'), '*');
      try {
        await write(key, Buffer.from('2'), '*');
        return false;
      } catch (error) {
        if (isTaken(error)) return true;
        throw error;
      } finally {
        await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
      }
    } catch (error) {
      // "Not implemented", "bad header": it knows no conditions. Anything else is trouble and told.
      if (statusOf(error) === 501 || statusOf(error) === 400) return false;
      throw error;
    }
  }
  let probed: Promise<boolean> | null = null;
  const isConditional = (): Promise<boolean> => {
    probed ??= probe().catch((error: unknown) => {
      probed = null;
      throw error;
    });
    return probed;
  };
  let turn: Promise<unknown> = Promise.resolve();
  async function writeInTurn(key: string, body: ObjectBody): Promise<boolean> {
    const mine = turn.then(async () => {
      if ((await head(key)) !== null) return false;
      await write(key, body);
      return true;
    });
    turn = mine.catch(() => undefined);
    return mine;
  }

  async function* list(prefix: string): AsyncIterable<ObjectHead> {
    let ContinuationToken: string | undefined;
    do {
      const place = ContinuationToken === undefined ? {} : { ContinuationToken };
      const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, ...place }));
      for (const { Key: key = '', Size: bytes = 0, LastModified } of page.Contents ?? []) {
        yield { key, bytes, writtenAtMs: LastModified?.getTime() ?? 0 };
      }
      ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (ContinuationToken !== undefined);
  }

  return {
    isConditional,
    put: (key, body) => write(demandKey(key), body),
    putIfAbsent: async (key, body) => {
      demandKey(key);
      if (!(await isConditional())) return writeInTurn(key, body);
      try {
        await write(key, body, '*');
        return true;
      } catch (error) {
        if (isTaken(error)) return false;
        throw error;
      }
    },
    head,
    get: async (key) => {
      try {
        const found = await client.send(new GetObjectCommand({ Bucket, Key: demandKey(key) }));
        if (!(found.Body instanceof Readable)) throw new Error(`${key}: the answer has no body`);
        const writtenAtMs = found.LastModified?.getTime() ?? 0;
        return { head: { key, bytes: found.ContentLength ?? 0, writtenAtMs }, stream: found.Body };
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    },
    list: (prefix) => list(demandPrefix(prefix)),
    remove: async (key) => {
      await client.send(new DeleteObjectCommand({ Bucket, Key: demandKey(key) }));
    },
    presignGet: (key, seconds) =>
      getSignedUrl(client, new GetObjectCommand({ Bucket, Key: demandKey(key) }), { expiresIn: seconds }),
    close: () => client.destroy(),
  };
}

/** `S3_BUCKET`, `S3_ENDPOINT`, `S3_REGION`, `S3_ACCESS_KEY_ID`, `S3_SECRET_ACCESS_KEY`; null without a bucket. */
export function s3FromEnvironment(env: Readonly<Record<string, string | undefined>>): S3Options | null {
  const bucket = env['S3_BUCKET'];
  if (bucket === undefined || bucket === '') return null;
  const [accessKeyId, secretAccessKey] = [env['S3_ACCESS_KEY_ID'], env['S3_SECRET_ACCESS_KEY']];
  const credentials =
    accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey };
  return { bucket, endpoint: env['S3_ENDPOINT'], region: env['S3_REGION'], credentials };
}
