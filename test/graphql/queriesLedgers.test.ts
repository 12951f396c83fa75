import { afterAll, beforeAll, expect, test } from 'vitest';
import { toGlobalId } from '../../src/graphql/globalId.ts';
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

test('are read from a sequence on, dense without a filter', async () => {
  const { incidentEvents } = await read<{
    incidentEvents: { nodes: { sequence: number; previousHash: string; hash: string }[]; pageInfo: object };
  }>(
    '{ incidentEvents(afterSequence: 3, first: 5) { nodes { sequence hash previousHash } pageInfo { hasNextPage hasPreviousPage } } }',
  );
  expect(incidentEvents.nodes.map(({ sequence }) => sequence)).toEqual([4, 5, 6, 7, 8]);
  expect(incidentEvents.nodes[1]?.previousHash).toBe(incidentEvents.nodes[0]?.hash);
  expect(incidentEvents.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: true });
});

test('filter by incident, type, severity and visibility', async () => {
  const { incident } = await read<{ incident: { id: string } }>('{ incident(reference: "INC-001") { id } }');
  const sequences = async (filter: string) => {
    const data = await read<{ incidentEvents: { nodes: { sequence: number }[] } }>(
      `{ incidentEvents(filter: ${filter}, first: 100) { nodes { sequence } } }`,
    );
    return data.incidentEvents.nodes.map(({ sequence }) => sequence);
  };
  expect(await sequences(`{ incidentId: "${incident.id}" }`)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(await sequences('{ types: [INCIDENT_ACKNOWLEDGED] }')).toHaveLength(2);
  expect(await sequences('{ severity: [SEV4], types: [INCIDENT_CREATED] }')).toHaveLength(1);
  expect(await sequences('{ publicOnly: true }')).toEqual([2]);
  const unknown = toGlobalId('Incident', crypto.randomUUID());
  expect(await sequences(`{ incidentId: "${unknown}" }`)).toEqual([]);
  expect(await refused('{ incidentEvents(afterSequence: -1) { nodes { id } } }')).toEqual(['BAD_USER_INPUT']);
});

test('have an end to resume from', async () => {
  const { ledgerHead, administration, incidentEvents } = await read<Record<string, Record<string, unknown>>>(
    `{ ledgerHead { ledger sequence hash at signature keyId publicKey }
       administration: ledgerHead(ledger: ADMINISTRATION) { ledger sequence }
       incidentEvents(first: 100) { nodes { sequence hash } } }`,
  );
  const last = ((incidentEvents?.nodes ?? []) as object[]).at(-1);
  expect(ledgerHead).toMatchObject({ ledger: 'INCIDENTS', signature: null, ...last });
  expect(administration?.sequence).toBeGreaterThan(0);
});

test('keep administration for administrators', async () => {
  const viewer = world.here.user('VIEWER');
  expect(await refused('{ administrationEvents { nodes { id } } }', {}, viewer)).toEqual(['FORBIDDEN']);
  expect(await refused('{ ledgerHead(ledger: ADMINISTRATION) { hash } }', {}, viewer)).toEqual(['FORBIDDEN']);
  expect(await refused('{ apiKeys { nodes { id } } }', {}, viewer)).toEqual(['FORBIDDEN']);
  const { administrationEvents } = await read<{
    administrationEvents: { nodes: { id: string; type: string; message: string }[] };
  }>('{ administrationEvents { nodes { id type message payload actor { name } } } }');
  expect(administrationEvents.nodes[0]?.type).toBe('ORGANIZATION_CREATED');
  const id = administrationEvents.nodes[0]?.id;
  expect(await read('query($id: ID!) { node(id: $id) { __typename id } }', { id })).toEqual({
    node: { __typename: 'AdministrationEvent', id },
  });
  expect(await refused('query($id: ID!) { node(id: $id) { id } }', { id }, viewer)).toEqual(['FORBIDDEN']);
});
