import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { compareProjections } from '../../src/store/compareProjections.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let here: TestOrganization;
let ingest: Principal;

beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
  ingest = here.key('MEMBER', ['INGEST']);
});
afterAll(() => api?.close());

const document = `mutation($input: SyncIncidentsInput!) { syncIncidents(input: $input) {
  __typename
  ... on SyncIncidentsPayload { created updated unchanged incidents { key outcome incidentId reference } sequence }
  ... on UserError { code }
  ... on ValidationError { fields { path } }
  ... on ForbiddenError { requiredScope }
} }`;

interface Synced {
  readonly __typename: string;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly incidents: readonly { key: string; outcome: string; incidentId: string; reference: string }[];
  readonly fields?: readonly { readonly path: readonly string[] }[];
  readonly requiredScope?: string | null;
  readonly sequence: number;
}

async function sync(
  source: string,
  incidents: readonly object[],
  more: object = {},
  by = ingest,
): Promise<Synced> {
  const input = { source, incidents, ...more };
  const { data, errors } = await api.run<{ syncIncidents: Synced }>(by, document, { input });
  expect(errors).toEqual([]);
  return data.syncIncidents;
}

async function read<T>(query: string, variables: object = {}, by = here.user('VIEWER')): Promise<T> {
  const { data, errors } = await api.run<T>(by, query, { ...variables });
  expect(errors).toEqual([]);
  return data;
}

async function act(name: string, input: object): Promise<void> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const mutation = `mutation($input: ${type}!) { ${name}(input: $input) { __typename ... on UserError { message } } }`;
  const { data } = await api.run<Record<string, { __typename: string }>>(here.user('ORG_ADMIN'), mutation, {
    input,
  });
  expect(data[name]?.__typename).toMatch(/Payload$/);
}

const minutesAgo = (minutes: number) => plusMinutes(api.clock.now(), -minutes);

/** The example of the first source, as it has it. */
const burst = (key: string, more: object = {}) => ({
  key,
  severity: 'SEV-1',
  startedAt: minutesAgo(20),
  endedAt: minutesAgo(15),
  errorCount: 8,
  targets: ['subscription-3', 'subscription-1', 'subscription-2'],
  latestRunId: 'run-8',
  latestError: 'SMTP timeout',
  ...more,
});

const byKeys = `query($source: String!, $keys: [String!]!) { incidentsByKeys(source: $source, keys: $keys) { key incident {
  reference status severity acknowledgement { note } notes lastAction { label }
} } }`;

describe('syncIncidents', () => {
  test('what another system computed becomes an incident, and reads back as it has it', async () => {
    const key = '2025-12-19T10:00:00Z|run-uuid';
    const first = await sync('reminders', [burst(key)]);
    expect(first).toMatchObject({
      created: 1,
      updated: 0,
      unchanged: 0,
      incidents: [{ key, outcome: 'CREATED' }],
    });
    const [{ incidentId } = { incidentId: '' }] = first.incidents;
    expect(await sync('reminders', [burst(key)])).toMatchObject({ unchanged: 1, sequence: 0 });
    const more = { endedAt: minutesAgo(14), errorCount: 9, targets: ['subscription-3', 'subscription-4'] };
    expect(await sync('reminders', [burst(key, more)])).toMatchObject({ updated: 1 });
    const { incident } = await read<{ incident: object }>(
      `query($id: ID!) { incident(id: $id) {
        title source severity status startedAt endedAt writtenByPeople
        burst { source startedAt endedAt errorCount uniqueTargets latestRunId latestRun { error } latestError }
        targets(first: 2) { nodes { target errorCount firstAt } pageInfo { hasNextPage } }
        synced { key resolvedAt asOf severity }
        timeline(types: [INCIDENT_SYNCED]) { nodes { message actor { kind } ... on IncidentSynced { changed synced { errorCount } } } }
      } }`,
      { id: incidentId },
    );
    expect(incident).toEqual({
      title: 'reminders: SMTP timeout',
      source: 'reminders',
      severity: 'SEV1',
      status: 'REPORTED',
      startedAt: minutesAgo(20),
      endedAt: minutesAgo(14),
      writtenByPeople: [],
      burst: {
        source: 'reminders',
        startedAt: minutesAgo(20),
        endedAt: minutesAgo(14),
        errorCount: 9,
        uniqueTargets: 2,
        latestRunId: 'run-8',
        latestRun: null,
        latestError: 'SMTP timeout',
      },
      targets: {
        nodes: [
          { target: 'subscription-3', errorCount: null, firstAt: null },
          { target: 'subscription-4', errorCount: null, firstAt: null },
        ],
        pageInfo: { hasNextPage: false },
      },
      synced: { key, resolvedAt: null, asOf: minutesAgo(14), severity: 'SEV1' },
      timeline: {
        nodes: [
          {
            message: 'reminders has it with 8 errors on 3 targets: SMTP timeout.',
            actor: { kind: 'INTEGRATION' },
            changed: [],
            synced: { errorCount: 8 },
          },
          {
            message: 'reminders has it with 9 errors on 2 targets: SMTP timeout.',
            actor: { kind: 'INTEGRATION' },
            changed: ['asOf', 'endedAt', 'errorCount', 'uniqueTargets', 'targets'],
            synced: { errorCount: 9 },
          },
        ],
      },
    });
  });

  test('what people wrote stays, and is fetched by keys, also of what is over and of what is not there', async () => {
    const { incidents } = await sync('people', [burst('worked'), burst('other', { severity: 'sev 4' })]);
    const incidentId = incidents[0]?.incidentId ?? '';
    await act('acknowledgeIncident', { incidentId, note: 'Mine' });
    await act('editIncidentNotes', { incidentId, notes: 'Investigated. Sendgrid outage.' });
    await act('addIncidentAction', { incidentId, kind: 'COMMAND', label: 'mute' });
    await act('changeIncidentSeverity', { incidentId, severity: 'SEV3', reason: 'Few customers' });
    const over = { errorCount: 12, resolvedAt: minutesAgo(1) };
    expect(await sync('people', [burst('worked', over), burst('other', { severity: 'SEV4' })])).toMatchObject(
      {
        updated: 1,
        unchanged: 1,
      },
    );
    // Said to be going on, it is not reopened.
    await sync('people', [burst('worked', { asOf: minutesAgo(0), errorCount: 13 })]);
    const keys = ['absent', 'worked', 'other', 'worked', ' '];
    const found = await read<{ incidentsByKeys: object[] }>(byKeys, { source: 'people', keys });
    const worked = {
      key: 'worked',
      incident: {
        reference: incidents[0]?.reference,
        status: 'RESOLVED',
        severity: 'SEV3',
        acknowledgement: { note: 'Mine' },
        notes: 'Investigated. Sendgrid outage.',
        lastAction: { label: 'mute' },
      },
    };
    const nothing = {
      status: 'REPORTED',
      severity: 'SEV4',
      acknowledgement: null,
      notes: '',
      lastAction: null,
    };
    expect(found.incidentsByKeys).toEqual([
      { key: 'absent', incident: null },
      worked,
      { key: 'other', incident: { reference: incidents[1]?.reference, ...nothing } },
      worked,
      { key: ' ', incident: null },
    ]);
    const elsewhere = await read<{ incidentsByKeys: object[] }>(byKeys, {
      source: 'reminders',
      keys: ['worked'],
    });
    expect(elsewhere.incidentsByKeys).toEqual([{ key: 'worked', incident: null }]);
  });

  test('50 callers at once sync the same: one incident each', async () => {
    const many = Array.from({ length: 4 }, (_, n) => burst(`busy-${n}`));
    const answers = await Promise.all(Array.from({ length: 50 }, () => sync('busy', many)));
    expect(
      new Set(answers.flatMap(({ incidents }) => incidents.map(({ incidentId }) => incidentId))).size,
    ).toBe(4);
    expect(answers.reduce((sum, { created }) => sum + created, 0)).toBe(4);
    expect(answers.reduce((sum, { updated }) => sum + updated, 0)).toBe(0);
  });

  test('500 at once, and again; not one more', async () => {
    const many = Array.from({ length: 500 }, (_, n) => burst(`k${n}`, { severity: 'SEV4' }));
    expect(await sync('many', many)).toMatchObject({ created: 500 });
    expect(await sync('many', many)).toMatchObject({ unchanged: 500 });
    const found = await read<{ incidentsByKeys: { incident: object | null }[] }>(byKeys, {
      source: 'many',
      keys: many.map(({ key }) => key),
    });
    expect(found.incidentsByKeys.every(({ incident }) => incident !== null)).toBe(true);
    expect((await sync('many', [...many, burst('one too many')])).__typename).toBe('ValidationError');
  });

  test('a repeat under its idempotency key is told what the first time did; other input is refused', async () => {
    const keyed = { idempotencyKey: 'once' };
    await sync('keyed', [burst('b')]);
    const incidents = [burst('a'), burst('b', { errorCount: 10 }), burst('c')];
    const first = await sync('keyed', incidents, keyed);
    expect(first.incidents.map(({ outcome }) => outcome)).toEqual(['CREATED', 'UPDATED', 'CREATED']);
    expect(await sync('keyed', incidents, keyed)).toEqual(first);
    const other = await sync('keyed', [burst('d'), burst('e')], keyed);
    expect(other).toMatchObject({ __typename: 'IdempotencyError', code: 'IDEMPOTENCY_KEY_REUSED' });
    const found = await read<{ incidentsByKeys: object[] }>(byKeys, { source: 'keyed', keys: ['d', 'e'] });
    expect(found.incidentsByKeys).toMatchObject([{ incident: null }, { incident: null }]);
  });

  test('one that does not fit refuses them all and is named; only an INGEST key may', async () => {
    const bad = [burst('fits'), burst('bad', { severity: 'critical' }), burst('fits')];
    expect((await sync('bad', bad)).fields?.map(({ path }) => path.join('.'))).toEqual([
      'incidents.1.severity',
      'incidents.2.key',
    ]);
    expect((await sync(' ', [burst('a')])).fields).toEqual([{ path: ['source'] }]);
    for (const other of [here.user('ORG_ADMIN'), here.key('ORG_ADMIN', ['READ', 'RESPOND', 'ADMIN'])]) {
      expect(await sync('bad', [burst('fits')], {}, other)).toMatchObject({
        __typename: 'ForbiddenError',
        requiredScope: 'INGEST',
      });
    }
    const found = await read<{ incidentsByKeys: object[] }>(byKeys, { source: 'bad', keys: ['fits'] });
    expect(found.incidentsByKeys).toEqual([{ key: 'fits', incident: null }]);
    const variables = { source: 'bad', keys: Array.from({ length: 501 }, (_, n) => `${n}`) };
    const { errors } = await api.run(here.user('VIEWER'), byKeys, variables);
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
  });

  test('keys are an organization’s own', async () => {
    const theirs = await api.found('theirs');
    await sync('shared', [burst('k')]);
    const asked = { source: 'shared', keys: ['k'] };
    const { incidentsByKeys } = await read<{ incidentsByKeys: object[] }>(
      byKeys,
      asked,
      theirs.user('ORG_ADMIN'),
    );
    expect(incidentsByKeys).toEqual([{ key: 'k', incident: null }]);
    expect(await sync('shared', [burst('k')], {}, theirs.key('MEMBER', ['INGEST']))).toMatchObject({
      created: 1,
    });
  });
});

test('what was written is what the ledger makes again, and a cancelled or merged one stays as it is', async () => {
  const { incidents } = await sync('final', [burst('cancelled'), burst('merged'), burst('winner')]);
  const [incidentId, merged, winner] = incidents.map((one) => one.incidentId);
  const before = { id: incidentId, at: api.clock.now() };
  api.clock.advance(60_000);
  await act('cancelIncident', { incidentId, reason: 'A test system' });
  expect(await sync('final', [burst('cancelled', { errorCount: 99 })])).toMatchObject({
    unchanged: 1,
    incidents: [{ incidentId }],
  });
  expect(
    await read(
      'query($id: ID!, $at: DateTime!) { incident(id: $id) { asOf(at: $at) { status burst { errorCount } } } }',
      before,
    ),
  ).toEqual({ incident: { asOf: { status: 'REPORTED', burst: { errorCount: 8 } } } });
  await act('mergeIncidents', { incidentId: merged, intoIncidentId: winner, reason: 'One outage' });
  expect(await sync('final', [burst('merged', { errorCount: 99 })])).toMatchObject({
    unchanged: 1,
    incidents: [{ incidentId: merged }],
  });
  const asked = '{ incidentsByKeys(source: "final", keys: ["merged"]) { incident { mergedInto { id } } } }';
  expect(await read(asked)).toEqual({ incidentsByKeys: [{ incident: { mergedInto: { id: winner } } }] });
  expect(await compareProjections(api.database, here.organizationId)).toEqual([]);
});
