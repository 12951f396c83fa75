import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { joined } from '../support/membership.ts';
import { declare, type MutationAnswer, mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let organizations = 0;

beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api?.close());

async function here(): Promise<{ readonly organization: TestOrganization; readonly admin: Principal }> {
  organizations += 1;
  const organization = await api.found(`here-${organizations}`);
  return { organization, admin: organization.user('ORG_ADMIN') };
}

async function read<T>(principal: Principal, document: string, variables = {}): Promise<T> {
  const { data, errors } = await api.run<T>(principal, document, variables);
  expect(errors).toEqual([]);
  return data;
}

const idIn = (answer: MutationAnswer, kind: 'service' | 'team' | 'project') =>
  (answer[kind] as { readonly id: string }).id;

/** The id of a service by its name, as lists show it. */
async function serviceId(principal: Principal, name: string): Promise<string> {
  const { services } = await read<{ services: { nodes: { id: string; name: string }[] } }>(
    principal,
    '{ services { nodes { id name } } }',
  );
  const found = services.nodes.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not among ${JSON.stringify(services.nodes)}`);
  return found.id;
}

const sound = async ({ organizationId }: TestOrganization) =>
  expect(await compareProjections(api.database, organizationId)).toEqual([]);

describe('a name made on first use', () => {
  test('is renamed, keeps its id, and gives its old name up', async () => {
    const { organization, admin } = await here();
    const { id: incidentId } = await declare(api, admin, { service: 'chekout' });
    const id = await serviceId(admin, 'chekout');
    const answer = await mutate(api, admin, 'updateService', { serviceId: id, name: 'Checkout', tier: 1 });
    expect(answer.service).toMatchObject({ id, name: 'Checkout', tier: 1, aliases: [] });
    const { incident } = await read<{ incident: unknown }>(
      admin,
      'query($id: ID!) { incident(id: $id) { service { id name } } }',
      { id: incidentId },
    );
    expect(incident).toEqual({ service: { id, name: 'Checkout' } });
    await declare(api, admin, { service: 'CHECKOUT' });
    await declare(api, admin, { service: 'chekout' });
    expect(await serviceId(admin, 'chekout')).not.toBe(id);
    await sound(organization);
  });

  test('that is merged leads to the other, in everything old and new, and no ledger is rewritten', async () => {
    const { organization, admin } = await here();
    const old = await declare(api, admin, { service: 'cart', project: 'shop', ownerTeam: 'buyers' });
    const named = {
      incidentId: old.id,
      services: [
        { name: 'cart', impact: 'DEGRADED' },
        { name: 'checkout', impact: 'TOTAL_OUTAGE' },
      ],
    };
    await mutate(api, admin, 'setAffectedServices', named);
    const signal = { incidentId: old.id, type: 'LOG', source: 'test', summary: 'one', service: 'cart' };
    await mutate(api, admin, 'attachSignal', signal);
    const bodies = () =>
      api.database.asOrganization(
        organization.organizationId,
        'SELECT sequence, body FROM warroom.ledger_event WHERE ledger = 0 ORDER BY sequence',
      );
    const before = await bodies();
    const cart = await serviceId(admin, 'cart');
    const checkout = await serviceId(admin, 'checkout');
    const answer = await mutate(api, admin, 'mergeServices', { serviceId: cart, intoServiceId: checkout });
    expect(answer.service).toMatchObject({ id: checkout, name: 'checkout', aliases: ['cart'] });
    expect(await bodies()).toEqual(before);
    // What comes later under the old name is the other's.
    const later = await declare(api, admin, { service: ' CART ' });
    const shown =
      'reference service { id name } affectedServices { service { id } impact } signals { nodes { service { name } } }';
    const { incidents } = await read<{ incidents: { nodes: { reference: string }[]; totalCount: number } }>(
      admin,
      `query($of: [ID!]) { incidents(filter: { serviceId: $of }) { totalCount nodes { ${shown} } } }`,
      { of: [checkout] },
    );
    expect(incidents.totalCount).toBe(2);
    expect(incidents.nodes).toEqual([
      {
        reference: 'INC-002',
        service: { id: checkout, name: 'checkout' },
        affectedServices: [],
        signals: { nodes: [] },
      },
      {
        reference: 'INC-001',
        service: { id: checkout, name: 'checkout' },
        // Both were named; they are one now, and the worse counts.
        affectedServices: [{ service: { id: checkout }, impact: 'TOTAL_OUTAGE' }],
        signals: { nodes: [{ service: { name: 'checkout' } }] },
      },
    ]);
    // The id it had leads there, too: of nodes, and in filters.
    const { node, byAlias } = await read<{ node: unknown; byAlias: { totalCount: number } }>(
      admin,
      'query($id: ID!) { node(id: $id) { ... on Service { id name } } byAlias: incidents(filter: { serviceId: [$id] }) { totalCount } }',
      { id: cart },
    );
    expect([node, byAlias.totalCount]).toEqual([{ id: checkout, name: 'checkout' }, 2]);
    const { services } = await read<{ services: { nodes: unknown[] } }>(
      admin,
      '{ services(search: "CAR") { nodes { name aliases } } }',
    );
    expect(services.nodes).toEqual([{ name: 'checkout', aliases: ['cart'] }]);
    expect(later.id).not.toBe(old.id);
    await sound(organization);
  });

  test('that is merged twice over leads all the way, and its name can be taken back by what it leads to', async () => {
    const { organization, admin } = await here();
    for (const service of ['a', 'b', 'c']) await declare(api, admin, { service });
    const [a, b, c] = [await serviceId(admin, 'a'), await serviceId(admin, 'b'), await serviceId(admin, 'c')];
    await mutate(api, admin, 'mergeServices', { serviceId: a, intoServiceId: b });
    await mutate(api, admin, 'mergeServices', { serviceId: b, intoServiceId: c });
    const taken = await mutate(api, admin, 'updateService', { serviceId: c, name: 'A' });
    expect(taken.service).toMatchObject({ id: c, name: 'A', aliases: ['b'] });
    // c was given up, and is somebody else's from here on.
    await declare(api, admin, { service: 'c' });
    await declare(api, admin, { service: 'b' });
    const { incidents } = await read<{ incidents: { nodes: { service: { id: string } }[] } }>(
      admin,
      '{ incidents { nodes { service { id } } } }',
    );
    expect(incidents.nodes.map(({ service }) => service.id === c)).toEqual([true, false, true, true, true]);
    const refused = await mutate(api, admin, 'createService', { name: 'b' });
    expect(refused).toMatchObject({ fields: [{ path: ['name'] }] });
    await sound(organization);
  });
});

describe('teams', () => {
  test('have members while those are members of the organization', async () => {
    const { organization, admin } = await here();
    organizations += 1;
    const guest = await joined(api, organization, `guest-${organizations}`, 'MEMBER');
    const userId = toGlobalId('User', guest.userId);
    const teamId = idIn(await mutate(api, admin, 'createTeam', { name: 'Payments' }), 'team');
    const added = await mutate(api, admin, 'addTeamMember', { teamId, userId });
    expect(added.team).toMatchObject({
      members: { nodes: [{ user: { id: userId }, since: api.clock.now() }] },
    });
    await mutate(api, admin, 'removeMember', { userId });
    const { teams } = await read<{ teams: { nodes: unknown[] } }>(
      admin,
      '{ teams { nodes { name members { nodes { user { id } } } } } }',
    );
    expect(teams.nodes).toEqual([{ name: 'Payments', members: { nodes: [] } }]);
    expect(await mutate(api, admin, 'addTeamMember', { teamId, userId })).toMatchObject({
      code: 'NOT_FOUND',
    });
    await sound(organization);
  });

  test('that are merged share their members and what they own', async () => {
    const { organization, admin } = await here();
    const own = toGlobalId('User', organization.userId);
    organizations += 1;
    const guest = await joined(api, organization, `guest-${organizations}`, 'MEMBER');
    const userId = toGlobalId('User', guest.userId);
    const [buyers, payers] = [
      idIn(await mutate(api, admin, 'createTeam', { name: 'Buyers' }), 'team'),
      idIn(await mutate(api, admin, 'createTeam', { name: 'Payers' }), 'team'),
    ];
    for (const teamId of [buyers, payers]) await mutate(api, admin, 'addTeamMember', { teamId, userId: own });
    await mutate(api, admin, 'addTeamMember', { teamId: buyers, userId });
    await mutate(api, admin, 'createService', { name: 'Cart', ownerTeam: 'buyers' });
    await declare(api, admin, { ownerTeam: 'Buyers' });
    const merged = await mutate(api, admin, 'mergeTeams', { teamId: buyers, intoTeamId: payers });
    expect((merged.team as { members: { nodes: unknown[] } }).members.nodes).toHaveLength(2);
    const found = await read(
      admin,
      `query($of: [ID!]) { services { nodes { ownerTeam { id name } } }
         incidents(filter: { ownerTeamId: $of }) { nodes { ownerTeam { id } } } }`,
      { of: [payers] },
    );
    expect(found).toEqual({
      services: { nodes: [{ ownerTeam: { id: payers, name: 'Payers' } }] },
      incidents: { nodes: [{ ownerTeam: { id: payers } }] },
    });
    await sound(organization);
  });
});

test('lists are read by name, page by page, by whoever may read', async () => {
  const { organization, admin } = await here();
  for (const name of ['delta', 'Alpha', 'charlie', 'Bravo'])
    await mutate(api, admin, 'createProject', { name });
  const page = (after: string | null) =>
    read<{ projects: { nodes: { name: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }>(
      organization.user('VIEWER'),
      'query($after: String) { projects(first: 3, after: $after) { nodes { name } pageInfo { endCursor hasNextPage } } }',
      { after },
    );
  const first = await page(null);
  expect(first.projects.nodes.map(({ name }) => name)).toEqual(['Alpha', 'Bravo', 'charlie']);
  const second = await page(first.projects.pageInfo.endCursor);
  expect([second.projects.nodes, second.projects.pageInfo.hasNextPage]).toEqual([[{ name: 'delta' }], false]);
  const { errors } = await api.run(admin, '{ services(after: "nonsense") { nodes { id } } }');
  expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
});
