import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { incidentIn, mutate } from '../support/mutate.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

let api: TestApi;
let here: TestOrganization;

beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
});
afterAll(() => api?.close());

const administrator = () => here.user('ORG_ADMIN');

async function idsFor(status: string): Promise<{ incidentId: string }> {
  return { incidentId: (await incidentIn(api, administrator(), status)).id };
}

test('an idempotency key has 1 to 128 characters', async () => {
  for (const idempotencyKey of ['', 'x'.repeat(129), 'a\u0000b']) {
    const answer = await mutate(api, administrator(), 'declareIncident', {
      title: 'x',
      severity: 'SEV4',
      idempotencyKey,
    });
    expect(answer.fields?.[0]?.path).toEqual(['idempotencyKey']);
  }
});

test('a key used for one mutation is not one for another', async () => {
  const { incidentId } = await idsFor('REPORTED');
  const idempotencyKey = 'for one mutation';
  await mutate(api, administrator(), 'addIncidentTag', { incidentId, tag: 'a', idempotencyKey });
  const other = await mutate(api, administrator(), 'removeIncidentTag', {
    incidentId,
    tag: 'a',
    idempotencyKey,
  });
  expect(other.__typename).toBe('IdempotencyError');
});

describe('what stands between', () => {
  test('a gate names what is missing', async () => {
    const { incidentId } = await idsFor('REPORTED');
    const gate = await mutate(api, administrator(), 'resolveIncident', { incidentId, summary: 'x' });
    expect(gate).toMatchObject({
      __typename: 'WorkflowGateError',
      code: 'WORKFLOW_GATE_UNMET',
      status: 'REPORTED',
      missing: ['ACKNOWLEDGEMENT', 'ROOT_CAUSE'],
    });
  });

  test('what someone else acknowledged names who and when', async () => {
    const { incidentId } = await idsFor('ACKNOWLEDGED');
    const other = here.key('ONCALL_ENGINEER', ['RESPOND']);
    expect(await mutate(api, other, 'acknowledgeIncident', { incidentId })).toMatchObject({
      __typename: 'InvalidTransitionError',
      code: 'ALREADY_ACKNOWLEDGED',
      actor: { kind: 'USER' },
      at: api.clock.now(),
    });
    const same = await mutate(api, administrator(), 'acknowledgeIncident', { incidentId });
    expect(same).toMatchObject({ __typename: 'AcknowledgeIncidentPayload', events: [] });
    expect(same.sequence).toBe(same.incident?.sequence);
  });

  test('signals, escalations and edits of the notes are no conflict', async () => {
    const { incidentId } = await idsFor('REPORTED');
    const signal = { type: 'LOG', source: 'app', summary: 'again' };
    await mutate(api, administrator(), 'attachSignal', { incidentId, ...signal });
    await mutate(api, administrator(), 'escalateIncident', { incidentId, target: 'ON_CALL' });
    await mutate(api, administrator(), 'editIncidentNotes', { incidentId, notes: 'n' });
    const answer = await mutate(api, administrator(), 'addIncidentTag', {
      incidentId,
      tag: 'a',
      expectedVersion: 1,
    });
    expect(answer.__typename).toBe('AddIncidentTagPayload');
  });

  test('notes edited meanwhile are a conflict of the notes', async () => {
    const { incidentId } = await idsFor('REPORTED');
    await mutate(api, administrator(), 'editIncidentNotes', { incidentId, notes: 'first' });
    const stale = { incidentId, notes: 'second', expectedNotesVersion: 0 };
    expect(await mutate(api, administrator(), 'editIncidentNotes', stale)).toMatchObject({
      __typename: 'ConflictError',
      currentVersion: 1,
    });
  });

  test('absent leaves and null clears', async () => {
    const { incidentId } = await idsFor('REPORTED');
    const userId = toGlobalId('User', here.userId);
    await mutate(api, administrator(), 'assignIncident', { incidentId, userId, ownerTeam: 'Payments' });
    await mutate(api, administrator(), 'assignIncident', { incidentId, ownerTeam: null });
    const document = 'query($id: ID!) { incident(id: $id) { assignee { id } ownerTeam { name } } }';
    const { data } = await api.run(administrator(), document, { id: incidentId });
    expect(data).toEqual({ incident: { assignee: { id: userId }, ownerTeam: null } });
  });

  test('many mutations in one request are done in order', async () => {
    const { incidentId } = await idsFor('REPORTED');
    const { data } = await api.run<Record<string, { events: { type: string }[] }>>(
      administrator(),
      `mutation($id: ID!) {
        acknowledgeIncident(input: { incidentId: $id }) { ... on AcknowledgeIncidentPayload { events { type } } }
        addIncidentNote(input: { incidentId: $id, message: "m" }) { ... on AddIncidentNotePayload { incident { status } events { type } } }
      }`,
      { id: incidentId },
    );
    expect(data.addIncidentNote).toMatchObject({ incident: { status: 'ACKNOWLEDGED' } });
  });
});
