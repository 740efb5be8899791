/**
 * The server's connections to Postgres. Rule kept: a connection that ends while nobody uses it is told and replaced;
 * it never ends the program.
 */
import { Pool } from 'pg';

export function makePool(connectionString: string, max: number, say: (line: string) => void): Pool {
  const pool = new Pool({ connectionString, max });
  // pg's pool listens only while a client lies idle; one that is just ending would throw into nowhere.
  pool.on('connect', (client) => client.on('error', (error) => say(error.message)));
  pool.on('error', () => undefined);
  return pool;
}
