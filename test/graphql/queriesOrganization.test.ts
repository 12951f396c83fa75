import { afterAll, beforeAll, expect, test } from 'vitest';
import { idOf, toGlobalId } from '../../src/graphql/globalId.ts';
import { declare } from '../support/mutate.ts';
import { declareMany, declareUploads, done, openReadWorld, type ReadWorld } from './readWorld.ts';

let world: ReadWorld;
const read: ReadWorld['read'] = (document, variables) => world.read(document, variables);
const refused: ReadWorld['refused'] = (...asked) => world.refused(...asked);
beforeAll(async () => {
  world = await openReadWorld();
  const incidentId = await declareUploads(world);
  await done(world.api, world.admin, 'setTimelineVisibility', { incidentId, sequence: 2, isPublic: true });
  await declareMany(world);
  world.minutes(61);
});
afterAll(() => world?.api.close());

test('shows who is asking', async () => {
  const { viewer } = await read<{ viewer: unknown }>(
    '{ viewer { actor { kind id name } user { name } organization { slug name } role scopes } }',
  );
  expect(viewer).toEqual({
    actor: { kind: 'USER', id: toGlobalId('User', world.here.userId), name: 'Ada of here' },
    user: { name: 'Ada of here' },
    organization: { slug: 'here', name: 'here' },
    role: 'ORG_ADMIN',
    scopes: ['READ', 'RESPOND', 'ADMIN'],
  });
});

test('lists members, keys and signals', async () => {
  const names = async (search: string) => {
    const data = await read<{ members: { nodes: { user: { name: string } }[] } }>(
      'query($search: String) { members(search: $search) { nodes { user { name } role since } } }',
      { search },
    );
    return data.members.nodes.map(({ user }) => user.name);
  };
  expect(await names('ADA')).toEqual(['Ada of here']);
  expect(await names('@here.')).toEqual(['Ada of here']);
  expect(await names('%')).toEqual([]);
  for (const name of ['one', 'two', 'three']) {
    await done(world.api, world.admin, 'createApiKey', { name, role: 'VIEWER', scopes: ['READ'] });
    world.minutes(1);
  }
  const keys = await read<{ apiKeys: { nodes: { name: string }[]; pageInfo: { endCursor: string } } }>(
    '{ apiKeys(first: 2) { nodes { name prefix role scopes createdBy { name } revokedAt } pageInfo { endCursor } } }',
  );
  expect(keys.apiKeys.nodes.map(({ name }) => name)).toEqual(['three', 'two']);
  const older = await read<{ apiKeys: { nodes: { name: string }[] } }>(
    'query($after: String) { apiKeys(after: $after) { nodes { name } } }',
    { after: keys.apiKeys.pageInfo.endCursor },
  );
  expect(older.apiKeys.nodes.map(({ name }) => name)).toEqual(['one']);
  const { signals } = await read<{ signals: { nodes: unknown[] } }>(
    '{ signals(filter: { source: ["prometheus"], type: [ALERT], cleared: false }) { nodes { summary incident { reference } service { name } } } }',
  );
  expect(signals.nodes).toEqual([
    { summary: 'p99 is 12 s', incident: { reference: 'INC-001' }, service: null },
  ]);
  expect(await read('{ signals(filter: { correlationKey: "none" }) { nodes { id } } }')).toEqual({
    signals: { nodes: [] },
  });
});

test('shows the policy and previews escalations', async () => {
  const { policy } = await read<{ policy: { version: number; sla: unknown[] } }>(
    `{ policy { version sla { severity acknowledgeWithinMinutes resolveWithinMinutes atRiskPercent }
       escalationRules { name reason severities afterMinutes target { kind name } }
       workflowGates { gate severities required }
       autoResolve { staleAfterHours staleSeverities silenceMinutes resolveOnClear }
       overdueAfterMinutes acknowledgeNoteRequired
       sessionGate { enabled afterMinutes severities } accessLog { logIncidentReads } } }`,
  );
  expect(policy).toMatchObject({
    version: 1,
    overdueAfterMinutes: 60,
    sessionGate: { enabled: false, afterMinutes: 120, severities: ['SEV1'] },
    accessLog: { logIncidentReads: false },
  });
  expect(policy.sla[0]).toEqual({
    severity: 'SEV1',
    acknowledgeWithinMinutes: 15,
    resolveWithinMinutes: 240,
    atRiskPercent: 80,
  });
  const preview = await read<{ escalationPreview: { dueAt: string; target: { kind: string } }[] }>(
    `{ escalationPreview(severity: SEV1, from: "2026-03-01T00:00:00Z") { dueAt reason rule level target { kind } why } }`,
  );
  expect(preview.escalationPreview[0]).toMatchObject({
    dueAt: '2026-03-01T00:05:00.000Z',
    target: { kind: 'ON_CALL' },
  });
  const tried = await read<{ escalationPreview: unknown[] }>(
    `{ escalationPreview(severity: SEV3, from: "2026-03-01T00:00:00Z",
       rules: [{ name: "now", reason: NO_ACK, target: DIRECTOR }]) { dueAt rule level } }`,
  );
  expect(tried.escalationPreview).toEqual([{ dueAt: '2026-03-01T00:00:00.000Z', rule: 'now', level: 3 }]);
  expect(await refused('{ escalationPreview { why } }')).toEqual(['BAD_USER_INPUT']);
});

test('counts what is open, and never drills', async () => {
  const { incidentStats } = await read<{ incidentStats: Record<string, unknown> }>(
    `{ incidentStats { open unacknowledged criticalUnacknowledged overdue withoutRootCause
       byStatus { status count } bySeverity { severity count } escalations24h { reason after count } } }`,
  );
  expect(incidentStats).toMatchObject({
    open: 4,
    unacknowledged: 3,
    criticalUnacknowledged: 0,
    overdue: 3,
    withoutRootCause: 4,
  });
  expect(incidentStats.byStatus).toContainEqual({ status: 'RESOLVED', count: 1 });
  expect(incidentStats.bySeverity).toContainEqual({ severity: 'SEV3', count: 1 });
});

test('reads any node, each kind in one go, and nothing of others', async () => {
  const { incident } = await read<{ incident: Record<string, { id: string }> & { id: string } }>(
    '{ incident(reference: "INC-001") { id service { id } project { id } ownerTeam { id } commander { id } lastAction { id } primarySignal { id } } }',
  );
  const other = await declare(world.api, world.foreign.user('ORG_ADMIN'));
  const ids = [
    incident.id,
    incident.service?.id,
    incident.project?.id,
    incident.ownerTeam?.id,
    incident.commander?.id,
    incident.lastAction?.id,
    incident.primarySignal?.id,
    other.id,
    toGlobalId('User', world.foreign.userId),
    toGlobalId('Query', 'x'),
    toGlobalId('Incident', 'x'),
    toGlobalId('IncidentCreated', 'I:2'),
  ];
  const { nodes } = await read<{ nodes: ({ __typename: string } | null)[] }>(
    'query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }',
    { ids },
  );
  expect(nodes.map((node) => node?.__typename ?? null)).toEqual([
    'Incident',
    'Service',
    'Project',
    'Team',
    'User',
    'IncidentAction',
    'Signal',
    ...Array(5).fill(null),
  ]);
  const many = Array.from({ length: 101 }, () => incident.id);
  expect(await refused('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: many })).toEqual([
    'BAD_USER_INPUT',
  ]);
  expect(await refused('{ node(id: "nonsense") { id } }')).toEqual(['BAD_USER_INPUT']);
  expect(idOf('Incident', incident.id)).not.toBeNull();
});

test('is closed to a key that may not read', async () => {
  const key = world.here.key('MEMBER', ['RESPOND']);
  for (const query of ['incidents { nodes { id } }', 'incidentStats { open }', 'signals { nodes { id } }']) {
    expect(await refused(`{ ${query} }`, {}, key)).toEqual(['FORBIDDEN']);
  }
});
