import type { ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { declare, mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let here: TestOrganization;
let foreign: TestOrganization;

beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
  foreign = await api.found('foreign');
});
afterAll(() => api?.close());

type Stream = AsyncIterableIterator<ExecutionResult>;

async function open(
  principal: Principal,
  document: string,
  variables: Record<string, unknown> = {},
): Promise<Stream> {
  const begun = await api.subscribe(principal, document, variables);
  if (!(Symbol.asyncIterator in begun)) throw new Error(JSON.stringify(begun.errors));
  return begun;
}

async function refusal(principal: Principal, document: string, variables: Record<string, unknown> = {}) {
  const begun = await api.subscribe(principal, document, variables);
  if (Symbol.asyncIterator in begun) {
    await begun.return?.();
    throw new Error('It was not refused.');
  }
  const error = begun.errors?.[0];
  return { message: error?.message, code: error?.extensions.code };
}

async function take(stream: Stream, count: number): Promise<Record<string, Record<string, unknown>>[]> {
  const taken: Record<string, Record<string, unknown>>[] = [];
  while (taken.length < count) {
    const { value, done } = await stream.next();
    if (done) break;
    if (value.errors) throw new Error(JSON.stringify(value.errors));
    taken.push(value.data as Record<string, Record<string, unknown>>);
  }
  return taken;
}

const events = `subscription($after: SafeInt, $filter: IncidentEventFilter) {
  incidentEvents(after: $after, filter: $filter) {
    sequence type version incident { id } snapshot { version status }
  }
}`;

describe('incidentEvents', () => {
  test('every event after the cursor, in order, then live', async () => {
    const admin = here.user('ORG_ADMIN');
    const { id, sequence } = await declare(api, admin);
    await mutate(api, admin, 'acknowledgeIncident', { incidentId: id });
    const stream = await open(here.key('VIEWER', ['READ']), events, { after: sequence - 1 });
    const past = await take(stream, 2);
    expect(past.map(({ incidentEvents }) => incidentEvents?.type)).toEqual([
      'INCIDENT_CREATED',
      'INCIDENT_ACKNOWLEDGED',
    ]);
    const next = take(stream, 1);
    const tagged = await mutate(api, admin, 'addIncidentTag', { incidentId: id, tag: 'live' });
    expect((await next)[0]?.incidentEvents).toEqual({
      sequence: tagged.sequence,
      type: 'INCIDENT_TAG_ADDED',
      version: 3,
      incident: { id },
      snapshot: { version: 3, status: 'ACKNOWLEDGED' },
    });
    await stream.return?.();
  });

  test('shows the incident as it is when each event is given, also to a stream that pulls', async () => {
    const admin = here.user('ORG_ADMIN');
    const { id, sequence } = await declare(api, admin);
    const stream = await open(
      admin,
      'subscription($after: SafeInt) { incidentEvents(after: $after) { incident { version tags } } }',
      { after: sequence },
    );
    for (const [n, tag] of ['one', 'two', 'three'].entries()) {
      const next = take(stream, 1);
      await mutate(api, admin, 'addIncidentTag', { incidentId: id, tag });
      expect((await next)[0]?.incidentEvents).toMatchObject({ incident: { version: n + 2 } });
    }
    await stream.return?.();
  });

  test('only what fits the filter, and nothing of others', async () => {
    const admin = here.user('ORG_ADMIN');
    const wanted = await declare(api, admin, { severity: 'SEV4' });
    const other = await declare(api, admin, { severity: 'SEV1' });
    const filter = {
      incidentId: wanted.id,
      types: ['INCIDENT_TAG_ADDED', 'INCIDENT_NOTE_ADDED'],
      publicOnly: true,
    };
    const stream = await open(admin, events, { after: wanted.sequence, filter });
    await declare(api, foreign.user('ORG_ADMIN'));
    await mutate(api, admin, 'addIncidentNote', {
      incidentId: other.id,
      message: 'elsewhere',
      isPublic: true,
    });
    await mutate(api, admin, 'addIncidentNote', { incidentId: wanted.id, message: 'private' });
    const shown = await mutate(api, admin, 'addIncidentNote', {
      incidentId: wanted.id,
      message: 'public',
      isPublic: true,
    });
    expect((await take(stream, 1))[0]?.incidentEvents?.sequence).toBe(shown.sequence);
    await stream.return?.();
  });

  test('a cursor that cannot be is refused before the stream', async () => {
    const viewer = here.user('VIEWER');
    expect((await refusal(viewer, events, { after: 1_000_000 })).code).toBe('CURSOR_BEYOND_HEAD');
    expect((await refusal(viewer, events, { after: -1 })).code).toBe('BAD_USER_INPUT');
  });
});

describe('incidentChanged', () => {
  const changed = 'subscription($id: ID!) { incidentChanged(id: $id) { id version status title } }';

  test('the incident now, then after a change', async () => {
    const admin = here.user('ORG_ADMIN');
    const { id } = await declare(api, admin);
    const stream = await open(here.user('VIEWER'), changed, { id });
    expect((await take(stream, 1))[0]?.incidentChanged).toMatchObject({ id, version: 1, status: 'REPORTED' });
    const next = take(stream, 1);
    await mutate(api, admin, 'acknowledgeIncident', { incidentId: id });
    expect((await next)[0]?.incidentChanged).toMatchObject({ version: 2, status: 'ACKNOWLEDGED' });
    await stream.return?.();
  });

  test('an incident that is malformed, absent or foreign reads the same', async () => {
    const theirs = await declare(api, foreign.user('ORG_ADMIN'));
    const viewer = here.user('VIEWER');
    const absent = toGlobalId('Incident', '0190a0a0-0000-7000-8000-000000000000');
    const expected = await refusal(viewer, changed, { id: absent });
    expect(expected.code).toBe('NOT_FOUND');
    for (const id of ['nonsense', theirs.id, toGlobalId('User', here.userId)]) {
      expect(await refusal(viewer, changed, { id })).toEqual(expected);
      expect(await refusal(viewer, events, { filter: { incidentId: id } })).toEqual(expected);
    }
  });
});

describe('incidentEscalated and slaBreached', () => {
  test('only events of their kind', async () => {
    const admin = here.user('ORG_ADMIN');
    // Noticed an hour ago: its SLA of 15 minutes is breached at once.
    const detectedAt = new Date(Date.parse(api.clock.now()) - 3_600_000).toISOString();
    const { id, sequence } = await declare(api, admin, { severity: 'SEV1', detectedAt });
    const after = sequence - 3;
    const breaches = await open(
      admin,
      'subscription($after: SafeInt, $filter: IncidentEventFilter) { slaBreached(after: $after, filter: $filter) { type kind dueAt incident { id } } }',
      { after: Math.max(after, 0), filter: { incidentId: id } },
    );
    expect((await take(breaches, 1))[0]?.slaBreached).toMatchObject({
      type: 'INCIDENT_SLA_BREACHED',
      kind: 'ACKNOWLEDGE',
      incident: { id },
    });
    await breaches.return?.();
    const escalations = await open(
      admin,
      'subscription($after: SafeInt) { incidentEscalated(after: $after) { type escalation { reason level target { kind } } } }',
      { after: sequence },
    );
    await mutate(api, admin, 'addIncidentTag', { incidentId: id, tag: 'between' });
    await mutate(api, admin, 'escalateIncident', { incidentId: id, target: 'DIRECTOR' });
    expect((await take(escalations, 1))[0]?.incidentEscalated).toEqual({
      type: 'INCIDENT_ESCALATED',
      escalation: { reason: 'MANUAL', level: 3, target: { kind: 'DIRECTOR' } },
    });
    await escalations.return?.();
  });
});

describe('who may', () => {
  test.each([
    ['incidentEvents', events],
    ['incidentChanged', 'subscription { incidentChanged(id: "x") { id } }'],
    ['incidentEscalated', 'subscription { incidentEscalated { sequence } }'],
    ['slaBreached', 'subscription { slaBreached { sequence } }'],
  ])('%s needs READ', async (_name, document) => {
    expect((await refusal(here.key('ORG_ADMIN', ['RESPOND', 'ADMIN']), document)).code).toBe('FORBIDDEN');
    expect((await refusal(here.key('MEMBER', ['INGEST']), document)).code).toBe('FORBIDDEN');
  });
});
