import { randomUUID } from 'node:crypto';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  parse,
  subscribe,
  validate,
} from 'graphql';
import { v7 } from 'uuid';
import type { Handle } from '../../src/app/answer.ts';
import { type BulkProgress, createBulkProgress } from '../../src/app/bulkProgress.ts';
import { createChangeBook } from '../../src/app/changeBook.ts';
import { createDeadLetters } from '../../src/app/deadLetters.ts';
import { createGateKeeper } from '../../src/app/gateKeeper.ts';
import { createGuessing } from '../../src/app/guessing.ts';
import { createHandle } from '../../src/app/handle.ts';
import type { Mail, MailOutcome } from '../../src/app/identity.ts';
import { createSealing } from '../../src/app/sealing.ts';
import type { Actor, ApiKeyScope, MemberRole } from '../../src/domain/access/actor.ts';
import type { Principal } from '../../src/domain/access/principal.ts';
import { createFeed } from '../../src/feed/createFeed.ts';
import type { Feed } from '../../src/feed/feed.ts';
import type { GraphQLContext } from '../../src/graphql/context.ts';
import { createLoaders } from '../../src/graphql/loaders.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { createIdentity } from '../../src/identity/createIdentity.ts';
import { createKeyThrottle } from '../../src/inbound/keyThrottle.ts';
import { createMappingEvaluator } from '../../src/inbound/mappingEvaluator.ts';
import { createMappings } from '../../src/inbound/mappings.ts';
import { createTranslateDelivery } from '../../src/inbound/translateDelivery.ts';
import { createTryAgain } from '../../src/inbound/tryAgain.ts';
import { createLog } from '../../src/log.ts';
import { maskResult } from '../../src/server/maskErrors.ts';
import type { Clock } from '../../src/store/clock.ts';
import { foundOrganization } from '../../src/store/foundOrganization.ts';
import { proveAddress } from '../../src/store/identity/passwordRows.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { openTestDatabase, type TestDatabase } from './testDatabase.ts';

/** A clock that stands still until it is told otherwise. */
export interface TestClock extends Clock {
  /** Milliseconds from now on. */
  advance(milliseconds: number): void;
}

/** A clock that begins at `start`. */
export function testClock(start = '2026-03-01T12:00:00.000Z'): TestClock {
  let now = Date.parse(start);
  return {
    now: () => new Date(now).toISOString(),
    advance(milliseconds) {
      now += milliseconds;
    },
  };
}

/** The whole API without a server: real database, real handle, real feed, real schema. */
export interface TestApi {
  readonly schema: GraphQLSchema;
  readonly database: TestDatabase;
  readonly feed: Feed;
  readonly clock: TestClock;
  readonly handle: Handle;
  /** Tells subscriptions of bulk actions that change. */
  readonly bulkProgress: BulkProgress;
  /** What was sent by mail, in order. */
  readonly mails: readonly Mail[];
  /** Whether mail is sent: as long as it is, links are shown to nobody. */
  mailOutcome: MailOutcome;
  /** Founds an organization with one administrator, whose address is proven; answers how to act in it. */
  found(slug: string): Promise<TestOrganization>;
  /** Validates and runs a query or mutation as this principal. */
  run<T = Record<string, unknown>>(
    principal: Principal,
    document: string,
    variables?: Record<string, unknown>,
  ): Promise<{ data: T; errors: readonly { message: string; code: unknown }[] }>;
  /** Begins a subscription: its events, or the errors it is refused with. */
  subscribe(
    principal: Principal,
    document: string,
    variables?: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;
  close(): Promise<void>;
}

/** An organization and who may be in it. */
export interface TestOrganization {
  readonly organizationId: string;
  /** Its administrator's user id. */
  readonly userId: string;
  /** A person of this role. */
  user(role: MemberRole): Principal;
  /** A key of this role and these scopes. */
  key(role: MemberRole, scopes: readonly ApiKeyScope[]): Principal;
}

function organizationOf(organizationId: string, slug: string, userId: string): TestOrganization {
  const principal = (actor: Actor, scopes: readonly ApiKeyScope[]): Principal => ({
    organizationId,
    organizationSlug: slug,
    actor,
    scopes,
    credentialId: actor.id ?? 'none',
  });
  return {
    organizationId,
    userId,
    user: (role) => principal({ kind: 'USER', id: userId, role }, ['READ', 'RESPOND', 'ADMIN']),
    key(role, scopes) {
      const kind = scopes.includes('INGEST') ? 'INTEGRATION' : 'API_KEY';
      return principal({ kind, id: randomUUID(), role }, scopes);
    },
  };
}

/** Opens the API on a database of its own; `close` drops it. */
export async function openTestApi(options: { readonly clock?: TestClock } = {}): Promise<TestApi> {
  const database = await openTestDatabase();
  const clock = options.clock ?? testClock();
  const log = createLog('silent');
  const feed = createFeed({ database, log });
  const handle = createHandle({ store: createPostgresStore(database), clock, inbox: feed, log });
  const gates = createGateKeeper({ database, feed, onError: (error) => console.error(error) });
  const guessing = createGuessing();
  const identity = await createIdentity({
    database,
    clock,
    guessing,
    publicUrl: () => 'https://warroom.example',
    organizationsOf: async () => [],
    superadmins: { is: async () => false, find: async () => [], exists: async () => false },
    invitations: { describe: async () => null, accept: async () => 'not here' },
    sendMail: null,
    oidc: null,
    onError: (message) => console.error(message),
  });
  const bulkProgress = createBulkProgress();
  const evaluator = createMappingEvaluator();
  const noAmazon = async () => Promise.reject(new Error('There is no Amazon here.'));
  const tryAgain = createTryAgain({
    handle,
    changes: createChangeBook({ database, clock }),
    log,
    fetchFromAmazon: noAmazon,
    mappings: evaluator,
    scopeOf: ({ organizationId }) => ({ database, organizationId }),
    now: clock.now,
  });
  const throttle = createKeyThrottle();
  const schema = buildSchema();
  const contextFor = (principal: Principal, signal?: AbortSignal): GraphQLContext => ({
    principal,
    requestId: randomUUID(),
    database,
    clock,
    handle,
    feed,
    gates,
    loaders: createLoaders({ database, organizationId: principal.organizationId }),
    publicUrl: () => 'https://warroom.example',
    sendMail: async (mail) => {
      mails.push(mail);
      return api.mailOutcome;
    },
    sessions: identity,
    guessing,
    translateDelivery: createTranslateDelivery(evaluator),
    sealing: createSealing(null),
    mappings: createMappings(evaluator),
    bulkActions: { wake: () => {}, listen: bulkProgress.listen },
    deadLetters: createDeadLetters({ database, clock, tryAgain }),
    throttle,
    ...(signal && { signal }),
  });
  const mails: Mail[] = [];
  const known = new Map<string, DocumentNode>();
  const prepared = (document: string): DocumentNode => {
    const before = known.get(document);
    if (before !== undefined) return before;
    const parsed = parse(document);
    const problems = validate(schema, parsed);
    if (problems.length > 0) throw new Error(problems.map((problem) => problem.message).join('\n'));
    known.set(document, parsed);
    return parsed;
  };
  // What fails unexpectedly is masked as for any client, and shown here: a test that meets it should say why.
  const asSeen = (result: ExecutionResult) =>
    maskResult(result, 'request', {
      log: { error: (fields: object) => console.error(fields) },
      newRequestId: () => 'request',
    });
  const api: TestApi = {
    schema,
    database,
    feed,
    clock,
    handle,
    bulkProgress,
    mails,
    mailOutcome: 'SENT',
    async found(slug) {
      const organizationId = v7();
      const userId = `user-${slug}`;
      const administrator = { userId, name: `Ada of ${slug}`, email: `ada@${slug}.example` };
      const at = clock.now();
      const founding = { organizationId, slug, name: slug, at, commandId: v7(), administrator, key: null };
      if (!(await foundOrganization(database, founding))) throw new Error(`${slug} exists already.`);
      await proveAddress(database, administrator.email, '', at);
      return organizationOf(organizationId, slug, userId);
    },
    async run(principal, document, variables = {}) {
      const result = asSeen(
        await execute({
          schema,
          document: prepared(document),
          variableValues: variables,
          contextValue: contextFor(principal),
        }),
      );
      const errors = (result.errors ?? []).map(({ message, extensions }) => ({
        message,
        code: extensions.code,
      }));
      return { data: result.data as never, errors };
    },
    async subscribe(principal, document, variables = {}, signal) {
      const begun = await subscribe({
        schema,
        document: prepared(document),
        variableValues: variables,
        contextValue: contextFor(principal, signal),
      });
      if (Symbol.asyncIterator in begun) return begun as AsyncIterableIterator<ExecutionResult>;
      return asSeen(begun);
    },
    async close() {
      await handle.drain();
      gates.close();
      await feed.close();
      await database.drop();
    },
  };
  return api;
}
