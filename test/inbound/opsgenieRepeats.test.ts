import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeClock, fakeClock } from '../support/fakeClock.ts';
import { post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';
import { type Body, makeKey, OpsgenieClient } from './opsgenieClient.ts';

// Opsgenie's clients send once more what was not answered: it has one effect.

let serving: Serving;
let clock: FakeClock;
let client: OpsgenieClient;

beforeAll(async () => {
  clock = fakeClock();
  serving = await startServing({ clock });
  client = new OpsgenieClient(serving.url, await makeKey(serving.url, 'opsgenie'));
}, 60_000);
afterAll(() => serving?.stop(), 30_000);

const create = (body: Body) => client.accepted('POST', '', body);

/** The note that a line of the timeline tells. */
const saidIn = (message: string) => /^opsgenie noted: (.*)\.$/.exec(message)?.[1] ?? message;

interface Told {
  readonly notes: readonly string[];
  readonly escalatedTo: readonly string[];
}

async function told(alertId: unknown): Promise<Told> {
  const id = Buffer.from(`Incident:${alertId}`).toString('base64');
  const { data } = await post<{
    incident: {
      timeline: { nodes: { type: string; message: string }[] };
      escalations: { edges: { node: { target: { kind: string } } }[] };
    };
  }>(
    serving.url,
    servingKey,
    `query ($id: ID!) { incident(id: $id) {
      timeline(first: 50) { nodes { type message } } escalations(first: 10) { edges { node { target { kind } } } }
    } }`,
    { id },
  );
  const nodes = data?.incident.timeline.nodes ?? [];
  return {
    notes: nodes.filter(({ type }) => type === 'INCIDENT_NOTE_ADDED').map(({ message }) => saidIn(message)),
    escalatedTo: data?.incident.escalations.edges.map(({ node }) => node.target.kind) ?? [],
  };
}

it('the note of a create is written once for an alert and text, however often the alert comes', async () => {
  const body = { message: 'Disk full', alias: 'disk', priority: 'P4', note: 'Made by the runbook' };
  const { alertId } = await create(body);
  await create(body);
  clock.advance(60 * 60_000);
  await create(body);
  expect((await told(alertId)).notes).toEqual(['Made by the runbook']);
  await create({ ...body, note: 'Still full' });
  expect((await told(alertId)).notes).toEqual(['Made by the runbook', 'Still full']);
  const elsewhere = await create({ ...body, alias: 'another disk' });
  expect((await told(elsewhere.alertId)).notes).toEqual(['Made by the runbook']);
});

it('the same escalation again within 5 minutes climbs once, and after that again', async () => {
  const { alertId } = await create({ message: 'Slow', alias: 'slow', priority: 'P4' });
  const escalate = (name = 'Whoever') =>
    client.accepted('POST', `/${alertId}/escalate`, { escalation: { name } });
  expect(await escalate()).toMatchObject({ success: true });
  expect(await Promise.all([escalate(), escalate()])).toMatchObject([{ success: true }, { success: true }]);
  // In another stretch of five minutes by the clock, and not five minutes later.
  clock.advance(299_000);
  await escalate();
  expect((await told(alertId)).escalatedTo).toEqual(['ON_CALL']);
  clock.advance(2_000);
  await escalate();
  await escalate();
  expect((await told(alertId)).escalatedTo).toEqual(['ON_CALL', 'SUPERVISOR']);
  await escalate('Director');
  expect((await told(alertId)).escalatedTo).toEqual(['ON_CALL', 'SUPERVISOR', 'DIRECTOR']);
});

it('notes in the same words, alone or with what they come with, are written once within 5 minutes', async () => {
  const { alertId } = await create({ message: 'Late', alias: 'late', priority: 'P4' });
  const note = () => client.accepted('POST', `/${alertId}/notes`, { note: 'Looking', user: 'Ada' });
  await note();
  expect(await note()).toMatchObject({ success: true, action: 'AddNote' });
  const tag = () => client.accepted('POST', `/${alertId}/tags`, { tags: ['web'], note: 'It is the web' });
  await tag();
  await tag();
  expect((await told(alertId)).notes).toEqual(['Ada: Looking', 'Tagged: It is the web']);
  clock.advance(301_000);
  await note();
  expect((await told(alertId)).notes).toEqual(['Ada: Looking', 'Tagged: It is the web', 'Ada: Looking']);
});
