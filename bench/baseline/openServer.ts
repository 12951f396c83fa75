import type { IncomingMessage } from 'node:http';
import { buildSchema } from '../../src/graphql/schema.ts';
import { createDirectPost } from '../../src/server/directPost.ts';
import { rememberDocuments } from '../../src/server/documents.ts';
import { operationGuards } from '../../src/server/guards.ts';
import { jsonPostOnly } from '../../src/server/jsonPostOnly.ts';
import { maskErrors, maskResult } from '../../src/server/maskErrors.ts';
import { startServer } from '../../src/server/server.ts';
import { createWarroomYoga } from '../../src/server/yoga.ts';

/**
 * Warroom's own way from a request to its answer, without asking who sends it: everybody is the same principal.
 *
 *     node openServer.js
 */
const principal = {
  organizationId: '01900000-0000-7000-8000-000000000001',
  organizationSlug: 'open',
  actor: { kind: 'API_KEY', id: '01900000-0000-7000-8000-000000000002', role: 'ORG_ADMIN' },
  scopes: ['READ', 'RESPOND', 'ADMIN'],
  credentialId: '01900000-0000-7000-8000-000000000002',
} as const;
const everybody = Promise.resolve({ principal, expiresAt: null });
const credentialOf = (_request: IncomingMessage) => everybody;
const masking = { log: { error: () => undefined }, newRequestId: () => 'request-of-bench' };
const originOf = () => ({ address: null, userAgent: null });
const yoga = createWarroomYoga({
  schema: buildSchema(),
  plugins: [jsonPostOnly(), rememberDocuments(), operationGuards(), maskErrors(masking)],
  credentialOf,
  contextFor: (of, requestId) => ({ principal: of, requestId }) as never,
  newRequestId: masking.newRequestId,
});
const none = async () => false;
const server = await startServer({
  host: '127.0.0.1',
  port: 0,
  yoga,
  directPost: createDirectPost({
    envelope: yoga.getEnveloped as never,
    credentialOf,
    originOf,
    requestIdOf: masking.newRequestId,
    mask: (result, requestId) => maskResult(result, requestId, masking),
  }),
  pages: none,
  inbound: none,
  gate: none,
  health: null as never,
  clock: { now: () => new Date().toISOString() },
  originOf,
  onError: (error) => console.error(error),
});
console.log(server.url);
process.once('SIGTERM', () => process.exit(0));
