/**
 * Whether the program lives (/health) and whether it can work (/ready): Postgres answers and the shapes follow it. Rule
 * kept: a load balancer that asks /ready sends nobody here from the moment that stopping begins.
 */
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';

export type HealthDeps = {
  readonly pool: Pool;
  /** The shape server follows Postgres. */
  readonly isFollowing: () => boolean | Promise<boolean>;
  readonly isStopping: () => boolean;
};

const patienceMs = 2_000;

const within = <T>(work: Promise<T>): Promise<T | null> =>
  Promise.race([
    work.catch(() => null),
    new Promise<null>((done) => {
      setTimeout(() => done(null), patienceMs).unref();
    }),
  ]);

export function serveHealth(app: FastifyInstance, deps: HealthDeps): void {
  app.get('/health', () => ({ ok: true }));
  app.get('/ready', async (_request, reply) => {
    const isOpen = !deps.isStopping();
    const [database, shapes] = await Promise.all([
      within(deps.pool.query('SELECT 1').then(() => true)),
      within(Promise.resolve(deps.isFollowing())),
    ]);
    const said = {
      ok: isOpen && database === true && shapes === true,
      database: database === true,
      shapes: shapes === true,
    };
    return reply.status(said.ok ? 200 : 503).send(said);
  });
}
