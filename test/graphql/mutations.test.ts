import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { declare, incidentIn, mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';
import { type CaseIds, type MutationCase, noIds } from './mutationCase.ts';
import { incidentCases } from './mutationCases.ts';
import { organizationCases } from './organizationCases.ts';

let api: TestApi;
let here: TestOrganization;
let foreign: TestOrganization;

beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
  foreign = await api.found('foreign');
});
afterAll(() => api?.close());

const administrator = () => here.user('ORG_ADMIN');

async function idsFor({ needs }: Pick<MutationCase, 'needs'>, status: string): Promise<CaseIds> {
  const { id, sequence } = await incidentIn(api, administrator(), status);
  const userId = toGlobalId('User', here.userId);
  const otherIncidentId = needs === 'OTHER' ? (await declare(api, administrator())).id : '';
  const signalId = needs === 'SIGNAL' ? await signalOf(id) : '';
  return { ...noIds, incidentId: id, userId, declaredAt: sequence, otherIncidentId, signalId };
}

async function signalOf(incidentId: string): Promise<string> {
  const signal = { type: 'ALERT', source: 'prometheus', summary: 'Slow' };
  const { events } = await mutate(api, administrator(), 'attachSignal', { incidentId, ...signal });
  const id = events?.[0]?.id ?? '';
  const { data } = await api.run<{ node: { signal: { id: string } } }>(
    administrator(),
    'query($id: ID!) { node(id: $id) { ... on IncidentSignalIngested { signal { id } } } }',
    { id },
  );
  return data.node.signal.id;
}

test('the schema has the mutations of the cases and no others', () => {
  const names = Object.keys(api.schema.getMutationType()?.getFields() ?? {});
  expect(names.sort()).toEqual(
    // Of no organization that is there already: invitations.test.ts and members.test.ts.
    [
      'acceptInvitation',
      // Of a person: server/sessions.test.ts.
      'revokeSession',
      'revokeOtherSessions',
      'replayDeadLetter',
      'discardDeadLetter',
      'createOrganization',
      // Of the platform organization: platformTimeline.test.ts.
      'approvePlatformEvent',
      'withdrawPlatformEvent',
      'declareIncident',
      // Of many incidents at once: reportErrors.test.ts, reportRuns.test.ts, syncIncidents.test.ts.
      'reportErrors',
      'reportRuns',
      'syncIncidents',
      // Of many targets, over time: bulkActions.test.ts.
      'runBulkAction',
      'cancelBulkAction',
      ...Object.keys(incidentCases),
      ...Object.keys(organizationCases),
    ].sort(),
  );
});

describe('declareIncident', () => {
  const whole = {
    title: 'Checkout answers 500',
    description: 'Since the deploy',
    severity: 'SEV2',
    mode: 'DRILL',
    type: 'deploy',
    impact: 'Nobody can pay',
    environment: 'production',
    service: 'Checkout',
    project: 'Shop',
    ownerTeam: 'Payments',
    source: 'manual',
    tags: ['pay'],
    correlationKeys: ['deploy-1'],
    runbook: 'runbooks/checkout.md',
    externalRefs: [{ system: 'pagerduty', id: 'P1', url: 'https://pd.example/P1' }],
    detectedAt: '2026-03-01T11:55:00+00:00',
    startedAt: '2026-03-01T11:50:00Z',
  };

  test('declares with everything it may be given', async () => {
    const answer = await mutate(api, here.user('MEMBER'), 'declareIncident', whole);
    expect(answer.__typename).toBe('DeclareIncidentPayload');
    expect(answer.events?.[0]).toMatchObject({ type: 'INCIDENT_CREATED' });
    expect(answer.incident).toMatchObject({ status: 'REPORTED', title: whole.title, tags: ['pay'] });
    expect(answer.sequence).toBe(answer.events?.at(-1)?.sequence);
    expect(answer.incident?.sequence).toBe(answer.sequence);
  });

  test('names every field that is not acceptable', async () => {
    const answer = await mutate(api, administrator(), 'declareIncident', {
      title: '',
      severity: 'SEV1',
      tags: ['fine', ''],
      detectedAt: '2099-01-01T00:00:00Z',
      signalIds: ['not an id'],
    });
    expect(answer.__typename).toBe('ValidationError');
    expect(answer.fields?.map((field) => field.path.join('.')).sort()).toEqual([
      'detectedAt',
      'signalIds.0',
      'tags.1',
      'title',
    ]);
  });

  test('is replayed by its key and refused with other input', async () => {
    const input = { title: 'Once', severity: 'SEV3', idempotencyKey: 'declare-once' };
    const first = await mutate(api, administrator(), 'declareIncident', input);
    const again = await mutate(api, administrator(), 'declareIncident', input);
    expect(again).toEqual(first);
    const other = await mutate(api, administrator(), 'declareIncident', { ...input, title: 'Twice' });
    expect(other).toMatchObject({ __typename: 'IdempotencyError', code: 'IDEMPOTENCY_KEY_REUSED' });
    // Keys are per organization: the same key elsewhere is another intent.
    const elsewhere = await mutate(api, foreign.user('ORG_ADMIN'), 'declareIncident', input);
    expect(elsewhere.incident?.id).not.toBe(first.incident?.id);
  });

  test('needs MEMBER and RESPOND', async () => {
    const input = { title: 'No', severity: 'SEV3' };
    expect(await mutate(api, here.user('VIEWER'), 'declareIncident', input)).toMatchObject({
      __typename: 'ForbiddenError',
      requiredRole: 'MEMBER',
    });
    expect(await mutate(api, here.key('ORG_ADMIN', ['READ']), 'declareIncident', input)).toMatchObject({
      __typename: 'ForbiddenError',
      requiredScope: 'RESPOND',
    });
  });
});

describe.each(Object.entries(incidentCases))('%s', (name, of) => {
  test('does it once, however often it is sent with one key', async () => {
    const ids = await idsFor(of, of.from);
    const input = { incidentId: ids.incidentId, ...of.input(ids), idempotencyKey: `once ${ids.incidentId}` };
    const first = await mutate(api, administrator(), name, input);
    expect(first.__typename).toMatch(/Payload$/);
    expect(first.events?.map((event) => event.type)).toEqual(of.events);
    expect(first.sequence).toBe(first.incident?.sequence);
    const again = await mutate(api, administrator(), name, input);
    expect(again.events).toEqual(first.events);
    expect(again.sequence).toBe(first.sequence);
    expect(again.incident?.version).toBe(first.incident?.version);
    const other = await mutate(api, administrator(), name, { ...input, expectedVersion: 1 });
    expect(other.__typename).toBe('IdempotencyError');
  });

  test('is not found for an id that is malformed, absent, foreign or of another type', async () => {
    const ids = await idsFor(of, of.from);
    const theirs = await declare(api, foreign.user('ORG_ADMIN'));
    const answers = [];
    for (const incidentId of [
      '',
      toGlobalId('Incident', '0190a0a0-0000-7000-8000-000000000000'),
      toGlobalId('User', here.userId),
      theirs.id,
    ]) {
      answers.push(await mutate(api, administrator(), name, { incidentId, ...of.input(ids) }));
    }
    for (const answer of answers) {
      expect(answer).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
      expect(answer.message).toBe(answers[0]?.message);
    }
    // Whatever has that reference: it is told what is asked for.
    const named = await mutate(api, administrator(), name, { incidentId: 'INC-001', ...of.input(ids) });
    expect(named).toMatchObject({ __typename: 'NotFoundError', code: 'NOT_FOUND' });
    expect(named.message).toContain('not by its reference');
  });

  test('is refused to the role below its own, and without the scope RESPOND', async () => {
    const ids = await idsFor(of, of.from);
    const input = { incidentId: ids.incidentId, ...of.input(ids) };
    const below = { SRE_LEAD: 'ONCALL_ENGINEER', ONCALL_ENGINEER: 'MEMBER', MEMBER: 'VIEWER' } as const;
    const lower = below[of.role as keyof typeof below];
    expect(await mutate(api, here.user(lower), name, input)).toMatchObject({
      __typename: 'ForbiddenError',
      requiredRole: of.role,
    });
    expect(await mutate(api, here.key('ORG_ADMIN', ['READ', 'ADMIN']), name, input)).toMatchObject({
      __typename: 'ForbiddenError',
      requiredScope: 'RESPOND',
    });
    const allowed = await mutate(api, here.key(of.role, ['RESPOND']), name, input);
    expect(allowed.__typename).toMatch(/Payload$/);
  });

  if (of.invalid !== null)
    test('names every field that is not acceptable', async () => {
      const { incidentId } = await idsFor(of, of.from);
      const answer = await mutate(api, administrator(), name, { incidentId, ...of.invalid?.input });
      expect(answer).toMatchObject({ __typename: 'ValidationError', code: 'VALIDATION_FAILED' });
      expect(answer.fields?.map((field) => field.path.join('.')).sort()).toEqual(
        [...(of.invalid?.paths ?? [])].sort(),
      );
    });

  test('is refused when the incident has moved on', async () => {
    const ids = await idsFor(of, of.from);
    const input = { incidentId: ids.incidentId, ...of.input(ids) };
    const current = await mutate(api, administrator(), 'addIncidentTag', {
      incidentId: ids.incidentId,
      tag: 'moved',
    });
    const version = current.incident?.version as number;
    expect(
      await mutate(api, administrator(), name, { ...input, expectedVersion: version - 1 }),
    ).toMatchObject({
      __typename: 'ConflictError',
      currentVersion: version,
    });
    expect(
      await mutate(api, administrator(), name, { ...input, expectedVersion: version + 1 }),
    ).toMatchObject({
      __typename: 'ConflictError',
    });
    const right = await mutate(api, administrator(), name, { ...input, expectedVersion: version });
    expect(right.__typename).toMatch(/Payload$/);
  });

  if (of.refusedFrom !== null)
    test('is refused from a status that does not allow it', async () => {
      const ids = await idsFor(of, of.refusedFrom as string);
      const input = { incidentId: ids.incidentId, ...of.input(ids) };
      expect(await mutate(api, administrator(), name, input)).toMatchObject({
        __typename: 'InvalidTransitionError',
        code: 'INVALID_TRANSITION',
        status: of.refusedFrom,
      });
    });
});
