import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { addMember } from '../support/members.ts';
import { declare, mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let here: TestOrganization;
let foreign: TestOrganization;
let incidentId: string;

beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
  foreign = await api.found('foreign');
  for (const userId of ['mel', 'olga']) {
    await addMember(api.database, here.organizationId, { userId, role: 'MEMBER' }, api.clock.now());
  }
  const administrator = here.user('ORG_ADMIN');
  await mutate(api, administrator, 'setSessionGatePolicy', { enabled: true });
  ({ id: incidentId } = await declare(api, administrator, { severity: 'SEV1', title: 'Down' }));
  await mutate(api, administrator, 'assignIncident', { incidentId, userId: toGlobalId('User', 'olga') });
  api.clock.advance(2 * 3_600_000);
  await mutate(api, administrator, 'addIncidentNote', { incidentId, message: 'Still nobody' });
});
afterAll(() => api?.close());

const person = (userId: string): Principal => {
  const { actor, ...principal } = here.user('MEMBER');
  return { ...principal, actor: { ...actor, id: userId } };
};

const document = `query($userId: ID) { sessionGate(userId: $userId) {
  user { id } blocked incident { reference } reason since releasedBy } }`;

async function ask(principal: Principal, userId?: string) {
  const variables = userId === undefined ? {} : { userId: toGlobalId('User', userId) };
  const { data, errors } = await api.run<{ sessionGate: Record<string, unknown> | null }>(
    principal,
    document,
    variables,
  );
  return { gate: data?.sessionGate ?? null, codes: errors.map(({ code }) => code) };
}

test('says whether, by what, since when and until what one is blocked', async () => {
  expect((await ask(person('mel'))).gate).toEqual({
    user: { id: toGlobalId('User', 'mel') },
    blocked: true,
    incident: { reference: 'INC-001' },
    reason:
      'INC-001 (SEV1) is not acknowledged, and blocks sessions since 2026-03-01T14:00:00.000Z. It does until someone acknowledges, resolves or cancels it, or lowers its severity.',
    since: '2026-03-01T14:00:00.000Z',
    releasedBy: ['ACKNOWLEDGED', 'RESOLVED', 'CANCELLED', 'SEVERITY_CHANGED', 'POLICY_CHANGED'],
  });
  expect((await ask(person('olga'))).gate).toEqual({
    user: { id: toGlobalId('User', 'olga') },
    blocked: false,
    incident: null,
    reason: null,
    since: null,
    releasedBy: [],
  });
});

describe('whose gate may be asked about', () => {
  const rows: [string, () => Principal, string | undefined, unknown][] = [
    ['oneself, without saying so', () => person('mel'), undefined, true],
    ['oneself, by id', () => person('mel'), 'mel', true],
    ['another, as a member', () => person('mel'), 'olga', ['FORBIDDEN']],
    ['oneself, as an administrator', () => here.user('ORG_ADMIN'), undefined, false],
    ['another, as an administrator', () => here.user('ORG_ADMIN'), 'mel', true],
    ['another, as an SRE lead', () => here.user('SRE_LEAD'), 'mel', ['FORBIDDEN']],
    ['anybody, with a key of an administrator', () => here.key('ORG_ADMIN', ['READ', 'ADMIN']), 'mel', true],
    ['anybody, with a key that only reads', () => here.key('ORG_ADMIN', ['READ']), 'mel', ['FORBIDDEN']],
    ['anybody, with a key that only ingests', () => here.key('MEMBER', ['INGEST']), 'mel', ['FORBIDDEN']],
    ['oneself, with a key', () => here.key('ORG_ADMIN', ['READ', 'ADMIN']), undefined, ['BAD_USER_INPUT']],
    ['oneself, with a key of the gate', () => here.key('VIEWER', ['GATE']), undefined, ['FORBIDDEN']],
    ['who is not here', () => here.user('ORG_ADMIN'), 'nobody', null],
    ['who is somewhere else', () => here.user('ORG_ADMIN'), 'user-foreign', null],
  ];
  test.each(rows)('%s', async (_what, principal, userId, expected) => {
    const { gate, codes } = await ask(principal(), userId);
    if (Array.isArray(expected)) expect(codes).toEqual(expected);
    else expect(gate?.blocked ?? null).toBe(expected);
  });

  test('a key of the gate learns that, but not the incident itself', async () => {
    const { data, errors } = await api.run<{ sessionGate: Record<string, unknown> }>(
      here.key('VIEWER', ['GATE']),
      document,
      { userId: toGlobalId('User', 'mel') },
    );
    expect(data.sessionGate).toMatchObject({ blocked: true, incident: null });
    expect(errors.map(({ code }) => code)).toEqual(['FORBIDDEN']);
  });
});

test('is on the viewer for a banner, and counted', async () => {
  const query = '{ viewer { sessionGate { blocked } } incidentStats { blockingSessions } }';
  const blockedOf = async (principal: Principal) => {
    const { data } = await api.run<{ viewer: { sessionGate: unknown }; incidentStats: unknown }>(
      principal,
      query,
    );
    return [data.viewer.sessionGate, data.incidentStats];
  };
  const counted = { blockingSessions: 1 };
  expect(await blockedOf(person('mel'))).toEqual([{ blocked: true }, counted]);
  expect(await blockedOf(here.key('MEMBER', ['READ']))).toEqual([null, counted]);
  expect(await blockedOf(foreign.user('ORG_ADMIN'))).toEqual([{ blocked: false }, { blockingSessions: 0 }]);
});

test('is no longer pending once it blocks, and was before', async () => {
  const { data } = await api.run<{ incident: Record<string, { pendingActions: { kind: string }[] }> }>(
    here.user('VIEWER'),
    `query($id: ID!) { incident(id: $id) { now: asOf(at: "2026-03-01T14:00:00Z") { pendingActions { kind } }
       before: asOf(at: "2026-03-01T13:59:59.999Z") { pendingActions { kind } } } present: incident(id: $id) { pendingActions { kind } } }`,
    { id: incidentId },
  );
  const has = (of: { pendingActions: { kind: string }[] } | undefined) =>
    of?.pendingActions.some(({ kind }) => kind === 'SESSION_GATE');
  expect(has(data.incident.before)).toBe(true);
  expect(has(data.incident.now)).toBe(false);
  expect(has((data as unknown as { present: { pendingActions: { kind: string }[] } }).present)).toBe(false);
});

test('ends with the acknowledgement', async () => {
  await mutate(api, here.user('ORG_ADMIN'), 'acknowledgeIncident', { incidentId });
  expect((await ask(person('mel'))).gate).toMatchObject({ blocked: false });
});
