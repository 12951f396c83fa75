import fastify from 'fastify';
import mercurius from 'mercurius';
import { monotonic } from '../support/monotonic.ts';

/**
 * The same subscription served by Mercurius as its manual has it: a topic, and every subscriber executing for itself.
 * POST an event: the answer says when it was there.
 *
 *     node mercuriusServer.js
 */
const schema = `
  scalar JSON
  scalar DateTime
  type Query { ok: Boolean }
  type IncidentEvent {
    sequence: Int! type: String! at: DateTime! message: String! version: Int! isPublic: Boolean!
    statusBefore: String statusAfter: String! payload: JSON!
  }
  type Subscription { incidentEvents: IncidentEvent! }`;
const topic = 'incidentEvents';

const app = fastify();
await app.register(mercurius, {
  schema,
  resolvers: {
    Subscription: { incidentEvents: { subscribe: (_root, _args, { pubsub }) => pubsub.subscribe(topic) } },
  },
  subscription: true,
});
app.post('/', async ({ body }) => {
  const at = monotonic();
  await app.graphql.pubsub.publish({ topic, payload: { incidentEvents: body } });
  return { at };
});
const url = await app.listen({ port: 0, host: '127.0.0.1' });
console.log(url);
process.once('SIGTERM', () => process.exit(0));
