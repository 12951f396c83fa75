import { afterAll, beforeAll, expect, test } from 'vitest';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { declare } from '../support/mutate.ts';
import { declareUploads, done, openReadWorld, type ReadWorld } from './readWorld.ts';

let world: ReadWorld;
const read: ReadWorld['read'] = (document, variables) => world.read(document, variables);
const refused: ReadWorld['refused'] = (...asked) => world.refused(...asked);
let id: string;
beforeAll(async () => {
  world = await openReadWorld();
  id = await declareUploads(world);
});
afterAll(() => world?.api.close());

test('answers everything about one, by id or reference', async () => {
  const fields = `{ id reference number version title description notes notesVersion severity status isOpen source
    service { name } project { name } ownerTeam { name } commander { name email } assignee { name }
    affectedServices { service { name } impact } externalRefs { system id url } correlationKeys
    acknowledgement { actor { kind name role } at note severity } acknowledgeSla { dueAt atRiskAt metAt breachedAt }
    resolveSla { dueAt metAt } slaBreached nextStep lastAction { kind label } duration
    pendingActions { kind dueAt description target { kind name user { id } } }
    primarySignal { summary } signals { nodes { summary data count } } actions { nodes { label actor { name } } }
    escalations { nodes { id } } sloViolations { nodes { id } } }`;
  const byId = await read<{ incident: Record<string, unknown> }>(
    `query($id: ID) { incident(id: $id) ${fields} }`,
    { id },
  );
  expect(byId.incident).toMatchObject({
    id,
    reference: 'INC-001',
    description: 'Since the deploy of noon.',
    notes: 'Looking at the proxy.',
    notesVersion: 1,
    service: { name: 'Uploads' },
    commander: { name: 'Ada of here', email: 'ada@here.example' },
    assignee: null,
    affectedServices: [{ service: { name: 'Uploads' }, impact: 'DEGRADED' }],
    acknowledgement: { actor: { kind: 'USER', name: 'Ada of here', role: 'ORG_ADMIN' }, note: 'On it' },
    acknowledgeSla: {
      dueAt: '2026-03-01T12:30:00.000Z',
      metAt: '2026-03-01T12:05:00.000Z',
      breachedAt: null,
    },
    nextStep: 'RECORD_ROOT_CAUSE',
    duration: null,
    signals: { nodes: [{ summary: 'p99 is 12 s', data: { p99: 12 }, count: 1 }] },
    actions: { nodes: [{ label: 'Restarted it', actor: { name: 'Ada of here' } }] },
  });
  const pending = byId.incident.pendingActions as { kind: string; dueAt: string }[];
  expect(pending.map(({ dueAt }) => dueAt)).toEqual(pending.map(({ dueAt }) => dueAt).sort());
  expect(pending.map(({ kind }) => kind)).toContain('RESOLVE_SLA');
  const byReference = await read(`query { incident(reference: "inc-0001") ${fields} }`);
  expect(byReference).toEqual(byId);
});

test('answers an absent, a foreign and a malformed one alike', async () => {
  const other = await declare(world.api, world.foreign.user('ORG_ADMIN'));
  const document = 'query($id: ID) { incident(id: $id) { id } }';
  for (const unknown of [
    other.id,
    toGlobalId('Incident', crypto.randomUUID()),
    'nonsense',
    toGlobalId('User', 'x'),
  ]) {
    expect(await read(document, { id: unknown })).toEqual({ incident: null });
  }
  for (const reference of ['INC-999', 'INC-0', 'nonsense']) {
    expect(await read('query($r: String) { incident(reference: $r) { id } }', { r: reference })).toEqual({
      incident: null,
    });
  }
});

test('wants exactly one of id and reference', async () => {
  expect(await refused('{ incident { id } }')).toEqual(['BAD_USER_INPUT']);
  expect(await refused('query($id: ID) { incident(id: $id, reference: "INC-001") { id } }', { id })).toEqual([
    'BAD_USER_INPUT',
  ]);
});

test('shows it as of a past instant or sequence, and null before it existed', async () => {
  const { incident } = await read<{ incident: Record<string, Record<string, unknown> | null> }>(
    `query($id: ID) { incident(id: $id) {
      before: asOf(at: "2026-03-01T11:59:59.999Z") { version }
      declared: asOf(at: "2026-03-01T12:00:00Z") { ...S }
      acknowledged: asOf(sequence: 2) { ...S }
      unborn: asOf(sequence: 0) { version }
      now: asOf(at: "2027-01-01T00:00:00Z") { ...S notes }
    } }
    fragment S on IncidentState { version status commander { name } pendingActions { kind } description }`,
    { id },
  );
  expect(incident.before).toBeNull();
  expect(incident.unborn).toBeNull();
  expect(incident.declared).toMatchObject({ version: 1, status: 'REPORTED', commander: null });
  expect(incident.declared?.description).toBe('Since the deploy of noon.');
  expect(incident.acknowledged).toMatchObject({ version: 2, status: 'ACKNOWLEDGED' });
  expect(incident.now).toMatchObject({
    notes: 'Looking at the proxy.',
    commander: { name: 'Ada of here' },
  });
  expect(await refused('query($id: ID) { incident(id: $id) { asOf { version } } }', { id })).toEqual([
    'BAD_USER_INPUT',
  ]);
});

test('pages its timeline both ways, by type and by what is public now', async () => {
  const page = async (arguments_: string) => {
    const { incident } = await read<{
      incident: {
        timeline: { nodes: { version: number; type: string }[]; pageInfo: Record<string, unknown> };
      };
    }>(
      `query($id: ID) { incident(id: $id) { timeline${arguments_} {
        nodes { version type } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
      { id },
    );
    return incident.timeline;
  };
  const first = await page('(first: 3)');
  expect(first.nodes.map(({ version }) => version)).toEqual([1, 2, 3]);
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  const second = await page(`(first: 3, after: "${first.pageInfo.endCursor}")`);
  expect(second.nodes.map(({ version }) => version)).toEqual([4, 5, 6]);
  const last = await page('(last: 2)');
  expect(last.nodes.map(({ version }) => version)).toEqual([6, 7]);
  expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  const before = await page(`(last: 2, before: "${last.pageInfo.startCursor}")`);
  expect(before.nodes.map(({ version }) => version)).toEqual([4, 5]);
  const notes = await page('(types: [INCIDENT_NOTES_EDITED])');
  expect(notes.nodes.map(({ type }) => type)).toEqual(['INCIDENT_NOTES_EDITED']);
  expect((await page('(publicOnly: true)')).nodes).toEqual([]);
  await done(world.api, world.admin, 'setTimelineVisibility', {
    incidentId: id,
    sequence: 2,
    isPublic: true,
  });
  expect((await page('(publicOnly: true)')).nodes.map(({ version }) => version)).toEqual([2]);
});

test('says in a sentence what each event was, with names of now', async () => {
  const { incident } = await read<{ incident: { timeline: { nodes: Record<string, unknown>[] } } }>(
    `query($id: ID) { incident(id: $id) { timeline { nodes {
      __typename id message actor { name } payload snapshot { version status } incident { version } isPublic
      ... on IncidentRoleAssigned { role user { name } }
      ... on IncidentAcknowledged { note severity }
      ... on IncidentSignalIngested { signal { summary } }
      ... on IncidentPlaybookActionExecuted { action { label } }
    } } } }`,
    { id },
  );
  const { nodes } = incident.timeline;
  expect(nodes.map(({ __typename }) => __typename)).toEqual([
    'IncidentCreated',
    'IncidentAcknowledged',
    'IncidentRoleAssigned',
    'IncidentAffectedServicesSet',
    'IncidentSignalIngested',
    'IncidentPlaybookActionExecuted',
    'IncidentNotesEdited',
    'IncidentVisibilityChanged',
  ]);
  nodes.forEach((node, index) => {
    expect(node).toMatchObject({ snapshot: { version: index + 1 }, incident: { version: 8 } });
  });
  expect(nodes[1]).toMatchObject({ note: 'On it', severity: 'SEV2', isPublic: true });
  expect(nodes[2]).toMatchObject({ role: 'COMMANDER', user: { name: 'Ada of here' } });
  expect(nodes[2]?.message).toBe('Ada of here made Ada of here commander.');
  expect(nodes[3]?.message).toContain('Uploads (degraded)');
  expect(nodes[4]).toMatchObject({ signal: { summary: 'p99 is 12 s' } });
  expect(nodes[5]).toMatchObject({ action: { label: 'Restarted it' } });
  const again = await read<{ nodes: unknown[] }>(
    'query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }',
    {
      ids: nodes.map((node) => node.id),
    },
  );
  expect(again.nodes).toEqual(nodes.map(({ __typename, id }) => ({ __typename, id })));
});

test('finds what is related by a correlation key', async () => {
  const other = await declare(world.api, world.admin, {
    title: 'Also uploads',
    correlationKeys: ['deploy-7'],
  });
  const { incident } = await read<{ incident: { related: Record<string, unknown> } }>(
    'query($id: ID) { incident(id: $id) { related { nodes { id } totalCount totalCountIsExact } } }',
    { id },
  );
  expect(incident.related).toEqual({ nodes: [{ id: other.id }], totalCount: 1, totalCountIsExact: true });
});
