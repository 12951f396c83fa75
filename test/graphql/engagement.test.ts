import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { addMember } from '../support/members.ts';
import { declare, mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let here: TestOrganization;

beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
  for (const userId of ['mel', 'olga']) {
    await addMember(api.database, here.organizationId, { userId, role: 'ONCALL_ENGINEER' }, api.clock.now());
  }
});
afterAll(() => api?.close());

const person = (userId: string): Principal => {
  const { actor, ...principal } = here.user('ONCALL_ENGINEER');
  return { ...principal, actor: { ...actor, id: userId } };
};
const fields = 'acknowledgementCount lastAcknowledgedAt lastAcknowledgedIncident { reference }';

async function engagementOf(userId: string, asking = here.user('VIEWER')) {
  const { data, errors } = await api.run<{ node: Record<string, unknown> }>(
    asking,
    `query($id: ID!) { node(id: $id) { ... on User { ${fields} } } }`,
    { id: toGlobalId('User', userId) },
  );
  expect(errors).toEqual([]);
  return data.node;
}

const nothing = { acknowledgementCount: 0, lastAcknowledgedAt: null, lastAcknowledgedIncident: null };

test('counts what a person takes, again when they take it again, and never drills, keys or repeats', async () => {
  const acknowledge = (incidentId: string, by: Principal) =>
    mutate(api, by, 'acknowledgeIncident', { incidentId });
  const mel = person('mel');
  const key = here.key('ONCALL_ENGINEER', ['RESPOND', 'READ']);
  const [first, second, drill, byKey] = [
    await declare(api, mel),
    await declare(api, mel),
    await declare(api, mel, { mode: 'DRILL' }),
    await declare(api, mel),
  ];
  expect(await engagementOf('mel')).toEqual(nothing);

  await acknowledge(first.id, mel);
  await acknowledge(first.id, mel);
  expect(await engagementOf('mel')).toEqual({
    acknowledgementCount: 1,
    lastAcknowledgedAt: api.clock.now(),
    lastAcknowledgedIncident: { reference: 'INC-001' },
  });
  await acknowledge(drill.id, mel);
  await acknowledge(byKey.id, key);
  api.clock.advance(60_000);
  // Changing the status of what nobody has takes it, too.
  await mutate(api, mel, 'changeIncidentStatus', { incidentId: second.id, status: 'INVESTIGATING' });
  api.clock.advance(60_000);
  await mutate(api, mel, 'unacknowledgeIncident', { incidentId: first.id });
  await acknowledge(first.id, mel);
  expect(await engagementOf('mel')).toEqual({
    acknowledgementCount: 3,
    lastAcknowledgedAt: api.clock.now(),
    lastAcknowledgedIncident: { reference: 'INC-001' },
  });
  await mutate(api, mel, 'unacknowledgeIncident', { incidentId: first.id });
  await acknowledge(first.id, person('olga'));
  expect(await engagementOf('mel')).toMatchObject({ acknowledgementCount: 3 });
  expect(await engagementOf('olga')).toMatchObject({ acknowledgementCount: 1 });
  expect(await compareProjections(api.database, here.organizationId)).toEqual([]);
});

test('is found out when it says something else than the ledger', async () => {
  const lying: Pick<TestApi['database'], 'asOrganization'> = {
    async asOrganization(organization, sql, parameters) {
      const rows = await api.database.asOrganization(organization, sql, parameters);
      if (!sql.includes('warroom.engagement')) return rows as never;
      return rows.map((row) => ({ ...row, acknowledgement_count: 7 })) as never;
    },
  };
  const differences = await compareProjections({ ...api.database, ...lying }, here.organizationId);
  expect(differences.map(({ table, key }) => `${table} ${key}`).sort()).toEqual([
    'engagement mel',
    'engagement olga',
  ]);
});

test('shows a key that may not read incidents the count, not the incident', async () => {
  const { data, errors } = await api.run<{ members: { nodes: { user: Record<string, unknown> }[] } }>(
    here.key('ORG_ADMIN', ['ADMIN']),
    `{ members(search: "mel") { nodes { user { ${fields} } } } }`,
  );
  expect(data.members.nodes[0]?.user).toMatchObject({
    acknowledgementCount: 3,
    lastAcknowledgedIncident: null,
  });
  expect(errors.map(({ code }) => code)).toEqual(['FORBIDDEN']);
});
