/**
 * The Shape API over HTTP, as Electric speaks it (/v1/shape, /v1/health), so that Electric's own client can't tell the
 * difference: any table, any definition. Rule kept: inside only, for development and tests; what a till may have is
 * sync-shapes.ts's to say. What this server does not do it refuses with 400, never half does.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AnswerOptions, answerSubset, makeShapeAnswer, refuse } from './shape-answer.ts';
import { bodyQuery, definitionOf, type Query, subsetOf } from './shape-query.ts';

export type ShapeHttpOptions = AnswerOptions & {
  /** null: nobody has to know one. */
  readonly secret: string | null;
  /** DELETE /v1/shape, for tests. */
  readonly allowDelete: boolean;
};

const methods = 'GET, POST, HEAD, DELETE, OPTIONS';
const exposed = [
  'electric-cursor',
  'electric-handle',
  'electric-offset',
  'electric-schema',
  'electric-up-to-date',
  'electric-has-data',
  'electric-snapshot',
  'retry-after',
  'etag',
].join(', ');

export function serveShapes(app: FastifyInstance, options: ShapeHttpOptions): void {
  const { engine } = options;
  const answerShape = makeShapeAnswer(options);
  const answerPost = makeShapeAnswer({ ...options, isUncached: true });
  const allow = (request: FastifyRequest, reply: FastifyReply): void => {
    reply.headers({
      'access-control-allow-origin': request.headers.origin ?? '*',
      'access-control-expose-headers': exposed,
      'access-control-allow-methods': methods,
    });
  };
  app.addHook('onRequest', async (request, reply) => {
    allow(request, reply);
    const query = request.query as Query;
    const isAsked = request.method !== 'OPTIONS' && request.routeOptions.url === '/v1/shape';
    if (!isAsked || options.secret === null) return undefined;
    if ((query['secret'] ?? query['api_secret']) === options.secret) return undefined;
    return reply.status(401).send({ message: 'Unauthorized - Invalid API secret' });
  });

  async function serve(query: Query, isPost: boolean, reply: FastifyReply): Promise<FastifyReply> {
    const asked = definitionOf(query);
    if ('errors' in asked) return refuse(reply, asked.errors);
    const part = subsetOf(query);
    if ('errors' in part) return refuse(reply, part.errors);
    if (part.subset !== null) return answerSubset(engine, asked.definition, part.subset, query, reply);
    return (isPost ? answerPost : answerShape)(asked.definition, query, reply);
  }

  app.get('/', (_request, reply) => reply.status(200).send(''));
  app.get('/v1/health', (_request, reply) =>
    reply
      .status(engine.isActive() ? 200 : 202)
      .header('cache-control', 'no-cache, no-store, must-revalidate')
      .send({ status: engine.isActive() ? 'active' : 'starting' }),
  );
  app.get('/v1/shape', (request, reply) => serve(request.query as Query, false, reply));
  app.post('/v1/shape', async (request, reply) => {
    const body = bodyQuery(request.body);
    if (body === null) return refuse(reply, { subset: ['is invalid'] });
    return serve({ ...(request.query as Query), ...body }, true, reply);
  });
  app.options('/v1/shape', (_request, reply) =>
    reply.status(204).header('access-control-allow-headers', 'if-none-match, content-type').send(),
  );
  app.delete('/v1/shape', async (request, reply) => {
    reply.header('cache-control', 'no-cache');
    if (!options.allowDelete) return reply.status(405).send({ message: 'DELETE not allowed' });
    const { table, handle } = request.query as Query;
    if (table === undefined && handle === undefined) {
      return refuse(reply, { handle: ["can't be blank when shape definition is missing"] });
    }
    let found = handle ?? null;
    if (found === null) {
      const asked = definitionOf({ table });
      if ('errors' in asked) return refuse(reply, asked.errors);
      found = (await engine.find(asked.definition))?.handle ?? null;
    }
    const isGone = found !== null && engine.remove(found);
    return isGone ? reply.status(202).send() : reply.status(404).send({ message: 'Shape not found' });
  });
}
