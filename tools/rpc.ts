/**
 * `npm run -s rpc -- [--shop DIR] [--pin PIN] METHOD [JSON|@FILE]`: calls one method of the till's contract and
 * prints its JSON answer. Rule kept: exit code 0 with the answer on stdout; 1 with the typed error as JSON
 * on stderr; 2 for wrong usage. Feeds print one line per event until stopped.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ORPCError } from '@orpc/client';
import { defaultShopDir } from '#till/shop-folder.ts';
import { connectTill } from './till-client.ts';

type Callable = (input: unknown) => Promise<unknown>;

function methodOf(client: unknown, path: string): Callable | null {
  if (!/^[a-zA-Z]+\.[a-zA-Z]+$/.test(path)) return null;
  let at: unknown = client;
  for (const part of path.split('.')) at = (at as Record<string, unknown>)[part];
  return typeof at === 'function' ? (at as Callable) : null;
}

const from = process.env['INIT_CWD'] ?? process.cwd();

/** `@FILE` is what stands in the file: PowerShell takes the quotes out of a JSON argument. */
const textOf = (json: string): string =>
  json.startsWith('@') ? readFileSync(resolve(from, json.slice(1)), 'utf8').replace(/^\uFEFF/, '') : json;

const isFeed = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { shop: { type: 'string' }, pin: { type: 'string' } },
    allowPositionals: true,
  });
  const [method, json] = positionals;
  if (method === undefined) {
    process.stderr.write('usage: npm run -s rpc -- [--shop DIR] [--pin PIN] METHOD [JSON|@FILE]\n');
    return 2;
  }
  let input: unknown;
  try {
    input = json === undefined ? undefined : JSON.parse(textOf(json));
  } catch (error) {
    process.stderr.write(`the input is not JSON: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const shopDir =
    values.shop === undefined
      ? defaultShopDir({ platform: process.platform, env: process.env, home: homedir() })
      : resolve(from, values.shop);
  const till = await connectTill(shopDir, { pin: values.pin });
  try {
    const call = methodOf(till.client, method);
    if (call === null) {
      process.stderr.write(`no such method: ${method}\n`);
      return 2;
    }
    const answer = await call(input);
    if (isFeed(answer)) for await (const event of answer) process.stdout.write(`${JSON.stringify(event)}\n`);
    else process.stdout.write(`${JSON.stringify(answer)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ORPCError)) throw error;
    if (error.code === 'NOT_FOUND' && error.status === 404 && !error.defined) {
      process.stderr.write(`no such method: ${method}\n`);
      return 2;
    }
    process.stderr.write(`${JSON.stringify({ code: error.code, ...(error.data as object) })}\n`);
    if (JSON.stringify(error.data).includes('"SignedOut"')) {
      process.stderr.write(
        'give --pin with the PIN of a person of this shop (a new shop: call shop.saveOwner first)\n',
      );
    }
    return 1;
  } finally {
    await till.close();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const data = error instanceof ORPCError ? ` ${JSON.stringify(error.data)}` : '';
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}${data}\n`);
    process.exitCode = 1;
  },
);
