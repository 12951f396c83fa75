import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHandle } from '../../src/app/handle.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { idOf } from '../../src/graphql/globalId.ts';
import { createLog } from '../../src/log.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { openTestApi, type TestApi } from '../support/testApi.ts';
import { alert, DetectionWorld } from './detectionWorld.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api?.close());

const whole = `id version status severity
  mergedInto { reference } mergedIncidents { reference } splitFrom { reference }
  related(by: MERGE) { nodes { reference } totalCount }
  timeline { nodes { type message
    ... on IncidentMerged { mergedInto { reference } reason }
    ... on IncidentAbsorbed { mergedIncident { reference } reason }
    ... on IncidentSignalSplit { splitSignal { summary } newIncident { reference } reason } } }
  signals { nodes { id summary count clearedAt incident { reference } } }`;

interface Whole {
  readonly id: string;
  readonly version: number;
  readonly timeline: { readonly nodes: readonly Record<string, unknown>[] };
  readonly signals: { readonly nodes: readonly { readonly id: string; readonly [more: string]: unknown }[] };
  readonly [more: string]: unknown;
}

async function incident(world: DetectionWorld, number: number): Promise<Whole> {
  const { incident } = await world.read<{ incident: Whole }>(
    `query($reference: String) { incident(reference: $reference) { ${whole} } }`,
    { reference: `INC-00${number}` },
  );
  return incident;
}

/** Incidents 1 and 2, of an alert each. */
async function alerted(): Promise<DetectionWorld> {
  const world = await DetectionWorld.found(api);
  await world.receive(alert('disk'));
  await world.receive(alert('latency'));
  return world;
}

const merging = async (world: DetectionWorld, of: number, into: number, more: object = {}) =>
  world.do('mergeIncidents', {
    incidentId: (await incident(world, of)).id,
    intoIncidentId: (await incident(world, into)).id,
    reason: 'One outage',
    ...more,
  });

const inAll = (...references: string[]) => references.map((reference) => ({ reference }));

test('a merge shows on both, and what its alert says next comes to the other', async () => {
  const world = await alerted();
  const before = await incident(world, 1);
  const answer = await merging(world, 1, 2, { expectedVersion: before.version });
  expect(answer).toMatchObject({ __typename: 'MergeIncidentsPayload', incident: { status: 'CANCELLED' } });
  await world.receive(alert('disk'), { ...alert('latency'), firing: [], resolve: true });
  expect(await incident(world, 1)).toMatchObject({
    mergedInto: { reference: 'INC-002' },
    mergedIncidents: [],
    related: { nodes: inAll('INC-002'), totalCount: 1 },
    signals: { nodes: [{ count: 2, clearedAt: null, incident: { reference: 'INC-001' } }] },
  });
  const winner = await incident(world, 2);
  expect(winner).toMatchObject({
    status: 'REPORTED',
    mergedInto: null,
    mergedIncidents: inAll('INC-001'),
    related: { nodes: inAll('INC-001'), totalCount: 1 },
  });
  expect(winner.timeline.nodes.at(-2)).toMatchObject({
    type: 'INCIDENT_ABSORBED',
    message: expect.stringContaining('merged INC-001 into the incident: One outage.'),
    mergedIncident: { reference: 'INC-001' },
    reason: 'One outage',
  });
  await world.receive({ ...alert('disk'), firing: [], cleared: [{ fingerprint: 'disk', at: null }] });
  expect(await incident(world, 2)).toMatchObject({ status: 'RESOLVED' });
  const [cleared] = (await incident(world, 1)).signals.nodes;
  expect(cleared?.clearedAt).not.toBeNull();
  expect(await compareProjections(api.database, world.here.organizationId)).toEqual([]);
});

test('both are as they were before it, asked as of then; statistics count one of them', async () => {
  const world = await alerted();
  const [loser, winner] = [await incident(world, 1), await incident(world, 2)];
  const { sequence } = await world
    .read<{ sequence: { sequence: number } }>('{ sequence: ledgerHead { sequence } }')
    .then(({ sequence }) => sequence);
  await merging(world, 1, 2);
  const past = await world.read<Record<string, unknown>>(
    `query($loser: ID!, $winner: ID!, $sequence: SafeInt!, $after: SafeInt!) {
       loser: incident(id: $loser) { asOf(sequence: $sequence) { status mergedInto { reference } } }
       winner: incident(id: $winner) {
         asOf(sequence: $sequence) { status mergedIncidents { reference } }
         after: asOf(sequence: $after) { mergedIncidents { reference } }
       }
       incidentStats { open byStatus { count } } }`,
    { loser: loser.id, winner: winner.id, sequence, after: sequence + 2 },
  );
  expect(past).toEqual({
    loser: { asOf: { status: 'REPORTED', mergedInto: null } },
    winner: {
      asOf: { status: 'REPORTED', mergedIncidents: [] },
      after: { mergedIncidents: inAll('INC-001') },
    },
    incidentStats: { open: 1, byStatus: [1, 0, 0, 0, 0, 0, 0, 0].map((count) => ({ count })) },
  });
});

test('whoever watches either of them sees it live', async () => {
  const world = await alerted();
  const [loser, winner] = [await incident(world, 1), await incident(world, 2)];
  const watch = async (id: string) => {
    const events = await api.subscribe(
      world.here.user('VIEWER'),
      `subscription($id: ID!) { incidentChanged(id: $id) { status mergedIncidents { reference } } }`,
      { id },
    );
    if (!(Symbol.asyncIterator in events)) throw new Error(JSON.stringify(events));
    return events;
  };
  const watched = [await watch(loser.id), await watch(winner.id)];
  await merging(world, 1, 2);
  const seen = await Promise.all(watched.map((events) => events.next()));
  expect(seen.map(({ value }) => value.data.incidentChanged)).toEqual([
    { status: 'CANCELLED', mergedIncidents: [] },
    { status: 'REPORTED', mergedIncidents: inAll('INC-001') },
  ]);
  await Promise.all(watched.map((events) => events.return?.()));
});

test('a signal that is split off is an incident of its own, with its key, as the ledger says', async () => {
  const world = await alerted();
  await merging(world, 1, 2);
  await world.receive(alert('disk', { fingerprint: 'disk-2', summary: 'Another disk' }));
  const before = await incident(world, 2);
  const [own] = before.signals.nodes;
  const answer = await world.do('splitSignal', {
    incidentId: before.id,
    signalId: own?.id,
    reason: 'Only slow',
    severity: 'SEV4',
  });
  expect(answer).toMatchObject({ __typename: 'SplitSignalPayload' });
  const source = await incident(world, 2);
  expect(source.timeline.nodes.at(-1)).toMatchObject({
    type: 'INCIDENT_SIGNAL_SPLIT',
    message: expect.stringContaining('split a signal off to INC-003: Only slow.'),
    splitSignal: { summary: 'Alert latency' },
    newIncident: { reference: 'INC-003' },
  });
  expect(source.related).toEqual({ nodes: inAll('INC-003', 'INC-001'), totalCount: 2 });
  await world.receive(alert('latency'));
  expect(await incident(world, 3)).toMatchObject({
    severity: 'SEV4',
    splitFrom: { reference: 'INC-002' },
    related: { nodes: inAll('INC-002'), totalCount: 1 },
    signals: { nodes: [{ id: own?.id, count: 2, incident: { reference: 'INC-003' } }] },
  });
  expect(await compareProjections(api.database, world.here.organizationId)).toEqual([]);
});

test('what its source has resolved is resolved by the split that takes its last alert away', async () => {
  const world = await DetectionWorld.found(api);
  const startedAt = plusMinutes(api.clock.now(), -20);
  const document = `mutation($input: SyncIncidentsInput!) { syncIncidents(input: $input) { __typename } }`;
  const synced = async (resolvedAt: string | null) => {
    const one = { key: 'b', title: 'Burst', severity: 'SEV1', startedAt, resolvedAt };
    const by = world.here.key('MEMBER', ['INGEST']);
    const { data, errors } = await api.run(by, document, {
      input: { source: 'reminders', incidents: [one] },
    });
    expect([data, errors]).toEqual([{ syncIncidents: { __typename: 'SyncIncidentsPayload' } }, []]);
  };
  await synced(null);
  await world.receive(alert('disk'));
  await merging(world, 2, 1);
  await world.receive(alert('disk', { fingerprint: 'disk-2', summary: 'Another disk' }));
  await world.receive({ ...alert('disk'), firing: [], cleared: [{ fingerprint: 'disk', at: null }] });
  await synced(plusMinutes(startedAt, 19));
  const held = await incident(world, 1);
  expect(held.status).toBe('REPORTED');
  const [last] = held.signals.nodes.filter(({ summary }) => summary === 'Another disk');
  const input = { incidentId: held.id, signalId: last?.id, reason: 'Another matter' };
  const answer = await world.do('splitSignal', input);
  expect(answer.events?.map(({ type }) => type)).toEqual(['INCIDENT_SIGNAL_SPLIT', 'INCIDENT_RESOLVED']);
  expect(await incident(world, 1)).toMatchObject({
    status: 'RESOLVED',
    timeline: { nodes: expect.arrayContaining([expect.objectContaining({ type: 'INCIDENT_RESOLVED' })]) },
  });
  // What the alert says next comes to the incident it is now.
  await world.receive(alert('disk', { fingerprint: 'disk-2', summary: 'Another disk' }));
  expect(await incident(world, 3)).toMatchObject({
    status: 'REPORTED',
    splitFrom: { reference: 'INC-001' },
    signals: { nodes: [{ id: last?.id, count: 2 }] },
  });
  expect(await compareProjections(api.database, world.here.organizationId)).toEqual([]);
});

test('of 20 merges crosswise one is made, whatever process each is asked of', async () => {
  const world = await alerted();
  const [one, other] = [await incident(world, 1), await incident(world, 2)];
  const handles = [0, 1].map(() => {
    const { database, feed: inbox, clock } = api;
    const log = createLog('silent');
    return createHandle({ store: createPostgresStore(database), clock, inbox, log });
  });
  const own = (id: string) => idOf('Incident', id) ?? '';
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) => {
      const [loser, winner] = at % 2 === 0 ? [one, other] : [other, one];
      return handles[at % 3 === 0 ? 1 : 0]?.({
        organizationId: world.here.organizationId,
        actor: world.here.user('SRE_LEAD').actor,
        scopes: ['RESPOND'],
        target: { by: 'id', incidentId: own(loser.id) },
        command: {
          name: 'mergeIncidents',
          input: { intoIncidentId: own(winner.id), reason: 'One outage' },
        },
      });
    }),
  );
  const kinds = answers.map((answer) => (answer?.kind === 'refused' ? answer.refusal.kind : answer?.kind));
  expect(kinds.sort()).toEqual([...Array(19).fill('InvalidTransitionError'), 'done'].sort());
  const statuses = [await incident(world, 1), await incident(world, 2)].map(({ status }) => status);
  expect(statuses.sort()).toEqual(['CANCELLED', 'REPORTED']);
  expect(await compareProjections(api.database, world.here.organizationId)).toEqual([]);
});

test('of merges on merges, and of what was reopened without its key, the ledger says all that is stored', async () => {
  const world = await alerted();
  const over = (key: string) => ({ ...alert(key), firing: [], resolve: true });
  await world.receive(alert('queue'));
  await merging(world, 1, 2);
  await world.receive(over('disk'));
  await merging(world, 2, 3);
  for (const key of ['latency', 'queue', 'disk']) await world.receive(over(key));
  await world.receive(alert('disk'), alert('cpu'));
  const { id } = await incident(world, 3);
  await world.do('reopenIncident', { incidentId: id, reason: 'It was not over' });
  expect(await merging(world, 3, 5)).toMatchObject({ __typename: 'MergeIncidentsPayload' });
  await world.receive(alert('disk'), alert('queue'));
  const counted = await Promise.all([4, 5].map((number) => incident(world, number)));
  expect(counted.map(({ signals }) => signals.nodes.map(({ summary, count }) => [summary, count]))).toEqual([
    [['Alert disk', 2]],
    [
      ['Alert cpu', 1],
      ['Alert queue', 1],
    ],
  ]);
  expect(await compareProjections(api.database, world.here.organizationId)).toEqual([]);
});
