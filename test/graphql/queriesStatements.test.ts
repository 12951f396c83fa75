import { execute, parse, validate } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GraphQLContext } from '../../src/graphql/context.ts';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { createLoaders } from '../../src/graphql/loaders.ts';
import { addMember } from '../support/members.ts';
import { declare } from '../support/mutate.ts';
import { countStatements } from './countStatements.ts';
import { done, openReadWorld, type ReadWorld } from './readWorld.ts';

let world: ReadWorld;

/** Incidents that all have something of everything, so that more of them need more of every kind of row. */
const incidents = 12;

beforeAll(async () => {
  world = await openReadWorld();
  const { api, admin, here } = world;
  for (const userId of ['mel', 'olga', 'ina']) {
    await addMember(api.database, here.organizationId, { userId, role: 'MEMBER' }, api.clock.now());
  }
  for (let index = 0; index < incidents; index++) {
    const { id } = await declare(api, admin, {
      correlationKeys: [`pair-${Math.floor(index / 2)}`],
      service: `service ${index}`,
      ownerTeam: `team ${index}`,
    });
    const steps: [string, Record<string, unknown>][] = [
      ['assignIncident', { userId: toGlobalId('User', here.userId) }],
      ['attachSignal', { type: 'LOG', source: 'test', summary: 'one', data: { index } }],
      ['addIncidentAction', { kind: 'COMMAND', label: 'one' }],
      ['escalateIncident', { target: 'SUPERVISOR' }],
      ['editIncidentNotes', { notes: `notes ${index}` }],
      ['recordRootCause', { summary: 'one', category: 'UNKNOWN', remediationSteps: 'none' }],
      ['resolveIncident', { summary: 'one', followUps: ['look again'] }],
    ];
    const taker = { ...admin, actor: { ...admin.actor, id: ['mel', 'olga', here.userId][index % 3] ?? '' } };
    await done(api, taker, 'acknowledgeIncident', { incidentId: id });
    for (const [name, input] of steps) await done(api, admin, name, { incidentId: id, ...input });
  }
});
afterAll(() => world?.api.close());

/** How many statements an operation takes. */
async function statementsOf(document: string): Promise<number> {
  const { api, admin, here } = world;
  const database = countStatements(api.database);
  const loaders = createLoaders({ database, organizationId: here.organizationId });
  const parsed = parse(document);
  expect(validate(api.schema, parsed)).toEqual([]);
  const contextValue = { principal: admin, requestId: 'test', database, clock: api.clock, loaders };
  const { errors } = await execute({
    schema: api.schema,
    document: parsed,
    contextValue: contextValue as unknown as GraphQLContext,
  });
  expect(errors).toBeUndefined();
  return database.statements();
}

test.each([
  [
    'a list',
    4,
    `incidents(first: N) { nodes { reference commander { name } assignee { name } pendingActions { dueAt }
       timeline(last: 3) { nodes { type at } } } }`,
  ],
  [
    'all of many incidents',
    22,
    `incidents(first: N) { totalCount nodes { description notes service { name } ownerTeam { name }
       related { nodes { id } totalCount } signals { nodes { data } } actions { nodes { actor { name } } }
       escalations { nodes { id } } sloViolations { nodes { id } } primarySignal { id } nextStep
       resolution { followUps { id assignee { id } } }
       asOf(sequence: 1000) { version assignee { id } pendingActions { kind } } } }`,
  ],
  [
    'a ledger',
    5,
    'incidentEvents(first: N) { nodes { message actor { name } incident { id } snapshot { version title } } }',
  ],
  ['signals', 3, 'signals(first: N) { nodes { data incident { reference } } }'],
  [
    'members',
    3,
    'members(first: N) { nodes { user { acknowledgementCount lastAcknowledgedAt lastAcknowledgedIncident { title } } } }',
  ],
])('of %s are at most %i, whatever the page', async (_of, most, document) => {
  const few = await statementsOf(`{ ${document.replace('N', '2')} }`);
  const many = await statementsOf(`{ ${document.replace('N', '100')} }`);
  expect(many).toBeLessThanOrEqual(most);
  // A page of two events may need fewer names than one of all.
  expect(many - few).toBeLessThanOrEqual(document.startsWith('incidentEvents') ? 1 : 0);
});

test('of many nodes are one a kind', async () => {
  const { read } = world;
  const { incidents } = await read<{ incidents: { nodes: { id: string; service: { id: string } }[] } }>(
    '{ incidents { nodes { id service { id } } } }',
  );
  const ids = incidents.nodes.flatMap(({ id, service }) => [id, service.id]);
  expect(await statementsOf(`{ nodes(ids: ${JSON.stringify(ids)}) { id } }`)).toBe(2);
});

test('of what another organization has and of what nobody has takes as many statements', async () => {
  const { api } = world;
  const theirs = (await api.found('theirs-alone')).user('ORG_ADMIN');
  const { id } = await declare(api, theirs, { service: 'theirs', ownerTeam: 'theirs', project: 'theirs' });
  const signal = { type: 'LOG', source: 'test', summary: 'theirs' };
  await done(api, theirs, 'attachSignal', { incidentId: id, ...signal });
  const query = `{ incidents { nodes { id service { id } ownerTeam { id } project { id } primarySignal { id } } } }`;
  const { data } = await api.run(theirs, query);
  const found = [...new Set(JSON.stringify(data).match(/[A-Za-z0-9+/]{12,}={0,2}/g) ?? [])].filter((word) =>
    /^[A-Z][a-z]+:[\w-]+$/.test(Buffer.from(word, 'base64').toString('utf8')),
  );
  expect(found.length).toBeGreaterThanOrEqual(5);
  for (const foreign of found) {
    const [type = ''] = Buffer.from(foreign, 'base64').toString('utf8').split(':');
    const absent = toGlobalId(type, '0190a0a0-0000-7000-8000-000000000000');
    const [ofTheirs, ofNobody] = [
      await statementsOf(`{ node(id: "${foreign}") { id } }`),
      await statementsOf(`{ node(id: "${absent}") { id } }`),
    ];
    expect([type, ofTheirs]).toEqual([type, ofNobody]);
    expect(ofNobody).toBeGreaterThan(0);
  }
});

test('of incidents by their keys are as many for one as for all', async () => {
  const { api, here, read } = world;
  const by = here.key('MEMBER', ['INGEST']);
  const keys = Array.from({ length: 20 }, (_, n) => `k${n}`);
  const incidents = keys.map((key) => ({ key, severity: 'SEV4', startedAt: api.clock.now() }));
  const sync = 'mutation($input: SyncIncidentsInput!) { syncIncidents(input: $input) { __typename } }';
  const { data } = await api.run(by, sync, { input: { source: 'mail', incidents } });
  expect(data).toEqual({ syncIncidents: { __typename: 'SyncIncidentsPayload' } });
  const of = (some: readonly string[]) => `{ incidentsByKeys(source: "mail", keys: ${JSON.stringify(some)}) {
    key incident { status acknowledgement { at } notes lastAction { label } burst { errorCount } }
  } }`;
  expect((await read<{ incidentsByKeys: object[] }>(of(keys))).incidentsByKeys).toHaveLength(20);
  expect(await statementsOf(of(['k1', 'absent']))).toBe(2);
  expect(await statementsOf(of(keys))).toBe(2);
});
