import { type ExecutionResult, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGateKeeper, type GateKeeper } from '../../src/app/gateKeeper.ts';
import type { Principal } from '../../src/domain/access/principal.ts';
import type { GraphQLContext } from '../../src/graphql/context.ts';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { createLoaders } from '../../src/graphql/loaders.ts';
import { createLiveSubscriptions } from '../../src/graphql/subscription/liveSubscriptions.ts';
import { Reader } from '../feed/groupReader.ts';
import { addMember } from '../support/members.ts';
import { declare, mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let here: TestOrganization;
let gates: GateKeeper;

beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
  await api.found('foreign');
  for (const userId of ['mel', 'olga']) {
    await addMember(api.database, here.organizationId, { userId, role: 'MEMBER' }, api.clock.now());
  }
  gates = createGateKeeper({ database: api.database, feed: api.feed, onError: () => {} });
  await mutate(api, administrator(), 'setSessionGatePolicy', { enabled: true });
});
afterAll(async () => {
  gates?.close();
  await api?.close();
});

const administrator = () => here.user('ORG_ADMIN');
const person = (userId: string): Principal => {
  const { actor, ...principal } = here.user('MEMBER');
  return { ...principal, actor: { ...actor, id: userId }, credentialId: `session of ${userId}` };
};

const document =
  'subscription($userId: ID) { sessionGateChanged(userId: $userId) { user { id } blocked incident { reference } } }';
const idOf = (userId: string) => toGlobalId('User', userId);

async function blockingIncident(): Promise<string> {
  const { id } = await declare(api, administrator(), { severity: 'SEV1' });
  api.clock.advance(2 * 3_600_000);
  await mutate(api, administrator(), 'addIncidentNote', { incidentId: id, message: 'Still nobody' });
  return id;
}

async function open(principal: Principal, userId?: string) {
  const begun = await api.subscribe(
    principal,
    document,
    userId === undefined ? {} : { userId: idOf(userId) },
  );
  if (!(Symbol.asyncIterator in begun)) throw new Error(String(begun.errors?.[0]?.extensions.code));
  return begun;
}

const blockedOf = ({ data }: ExecutionResult) =>
  (data as { sessionGateChanged: { blocked: boolean } | null } | null)?.sessionGateChanged?.blocked;

test('tells now, then whenever it is another: for oneself, and for another to an administrator', async () => {
  const own = await open(person('mel'));
  const watched = await open(administrator(), 'mel');
  const next = async () => [blockedOf((await own.next()).value), blockedOf((await watched.next()).value)];
  expect(await next()).toEqual([false, false]);
  const incidentId = await blockingIncident();
  expect(await next()).toEqual([true, true]);
  await mutate(api, administrator(), 'assignIncident', { incidentId, userId: idOf('mel') });
  expect(await next()).toEqual([false, false]);
  await mutate(api, administrator(), 'assignIncident', { incidentId, userId: null });
  expect(await next()).toEqual([true, true]);
  await mutate(api, administrator(), 'acknowledgeIncident', { incidentId });
  expect(await next()).toEqual([false, false]);
  await own.return?.();
  await watched.return?.();
});

test('refuses before it begins, and says nothing of who exists elsewhere', async () => {
  await expect(open(person('mel'), 'olga')).rejects.toThrow('FORBIDDEN');
  await expect(open(here.key('MEMBER', ['READ']))).rejects.toThrow('BAD_USER_INPUT');
  await expect(open(administrator(), 'nobody')).rejects.toThrow('NOT_FOUND');
  await expect(open(administrator(), 'user-foreign')).rejects.toThrow('NOT_FOUND');
});

test('never shares one person’s gate with another, though they ask the same with the same permissions', async () => {
  const contextFor = (principal: Principal): GraphQLContext =>
    ({
      principal,
      requestId: 'test',
      database: api.database,
      clock: api.clock,
      feed: api.feed,
      gates,
      loaders: createLoaders({ database: api.database, organizationId: principal.organizationId }),
    }) as unknown as GraphQLContext;
  const live = createLiveSubscriptions({
    feed: api.feed,
    contextFor,
    mask: (result) => result,
    askDatabase: async () => {},
    onError: (error) => console.error(error),
  });
  const parsed = parse('subscription { sessionGateChanged { user { id } blocked } }');
  const joined = async (userId: string) => {
    const outlet = new Reader();
    const contextValue = contextFor(person(userId));
    const leave = await live.join({ args: { schema: api.schema, document: parsed, contextValue }, outlet });
    return { outlet, leave };
  };
  const [mel, olga, olgaAgain] = [await joined('mel'), await joined('olga'), await joined('olga')];
  const incidentId = await blockingIncident();
  await expect.poll(() => mel.outlet.received.length).toBe(2);
  await mutate(api, administrator(), 'assignIncident', { incidentId, userId: idOf('olga') });
  await expect.poll(() => olga.outlet.received.length).toBe(3);
  const said = ({ outlet }: { outlet: Reader }) =>
    outlet.received.map((text) => {
      const { user, blocked } = JSON.parse(text).data.sessionGateChanged;
      return [Buffer.from(user.id, 'base64').toString(), blocked];
    });
  expect(said(mel)).toEqual([
    ['User:mel', false],
    ['User:mel', true],
  ]);
  expect(said(olga)).toEqual([
    ['User:olga', false],
    ['User:olga', true],
    ['User:olga', false],
  ]);
  expect(olgaAgain.outlet.received).toEqual(olga.outlet.received);
  for (const { leave } of [mel, olga, olgaAgain]) leave?.();
});
