/**
 * The control of the kill rig: the till as it is, but its COMMIT comes 300 ms after the answer, as in a till
 * that acknowledges before the disk has it. Rule kept: the mistake is made here, from outside, by standing
 * between the till and its driver; the product has no switch for it.
 *   node control-till.ts --shop DIR
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import type BetterSqlite3 from 'better-sqlite3';
import { startTill } from '#till/node.ts';

const lateMs = 300;
const driver = createRequire(import.meta.url)('better-sqlite3') as typeof BetterSqlite3;
const prototype = driver.prototype as unknown as {
  prepare: (this: BetterSqlite3.Database, source: string) => BetterSqlite3.Statement;
};
const { prepare } = prototype;
prototype.prepare = function delayed(source) {
  const statement = prepare.call(this, source);
  if (!this.name.endsWith('shop.db')) return statement;
  if (source === 'BEGIN IMMEDIATE') {
    return instead(statement, () => (this.inTransaction ? undefined : statement.run()));
  }
  if (source === 'COMMIT') {
    let isDue = false;
    return instead(statement, () => {
      if (isDue) return;
      isDue = true;
      setTimeout(() => {
        isDue = false;
        if (this.inTransaction) statement.run();
      }, lateMs);
    });
  }
  return statement;
};

const instead = (statement: BetterSqlite3.Statement, run: () => unknown): BetterSqlite3.Statement =>
  new Proxy(statement, { get: (target, name) => (name === 'run' ? run : Reflect.get(target, name, target)) });

// Looking at the log inside the transaction that is left open throws; the control goes on.
process.on('uncaughtException', (error) => process.stderr.write(`${error.message}\n`));

const { values } = parseArgs({ options: { shop: { type: 'string', default: '' } } });
const server = createServer();
await new Promise<void>((done) => server.listen({ host: '127.0.0.1', port: 0 }, done));
const { url, token } = await startTill({ shopDir: values.shop, server, rendererDir: null, demo: false });
process.stdout.write(`${JSON.stringify({ url, token })}\n`);
