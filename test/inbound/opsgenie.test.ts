import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plusMinutes } from '../../src/domain/instant.ts';
import { type FakeClock, fakeClock } from '../support/fakeClock.ts';
import { mutate, post } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';
import { type Body, makeKey, OpsgenieClient } from './opsgenieClient.ts';

// Opsgenie's Alert API as its clients use it: a real server, a real database, requests as opsgenie-sdk writes them.

let serving: Serving;
let clock: FakeClock;
let client: OpsgenieClient;
let other: OpsgenieClient;

beforeAll(async () => {
  clock = fakeClock();
  serving = await startServing({ clock });
  client = new OpsgenieClient(serving.url, await makeKey(serving.url, 'opsgenie'));
  other = new OpsgenieClient(serving.url, await makeKey(serving.url, 'other'));
}, 60_000);
afterAll(() => serving?.stop(), 30_000);

const accepted = (method: string, path: string, body?: Body) => client.accepted(method, path, body);
const shown = (path: string) => client.shown(path);

const incidentFields = `reference title severity status source tags snoozedUntil
  acknowledgement { note } escalations(first: 5) { edges { node { target { kind } } } }`;

async function incidentOf(alertId: unknown) {
  const id = Buffer.from(`Incident:${alertId}`).toString('base64');
  const { data, errors } = await post<{ incident: Body }>(
    serving.url,
    servingKey,
    `query ($id: ID!) { incident(id: $id) { ${incidentFields} } }`,
    { id },
  );
  expect(errors).toEqual([]);
  return data?.incident;
}

async function pendingOf(alertId: unknown): Promise<string[]> {
  const id = Buffer.from(`Incident:${alertId}`).toString('base64');
  const { data } = await post<{ incident: { pendingActions: { description: string }[] } }>(
    serving.url,
    servingKey,
    'query ($id: ID!) { incident(id: $id) { pendingActions { description } } }',
    { id },
  );
  return data?.incident.pendingActions.map(({ description }) => description) ?? [];
}

describe('an alert', () => {
  it('is created, asked for, got, acknowledged, noted, snoozed and closed, as a client does', async () => {
    const created = await accepted('POST', '', {
      message: 'Disk full on db-1',
      alias: 'db-1/disk',
      description: 'The disk of db-1 is at 99 %.',
      priority: 'P4',
      tags: ['disk', 'db'],
      details: { service: 'postgres', env: 'production', free: '1 %' },
      entity: 'db-1',
      source: 'nagios',
      user: 'ada@example.com',
      note: 'Seen before',
    });
    expect(created).toMatchObject({
      success: true,
      isSuccess: true,
      action: 'Create',
      status: 'Created alert',
      alias: 'db-1/disk',
      processedAt: clock.now(),
    });
    const id = created.alertId;
    expect(await shown(`/${id}?identifierType=id`)).toMatchObject({
      id,
      tinyId: '1',
      alias: 'db-1/disk',
      message: 'Disk full on db-1',
      status: 'open',
      acknowledged: false,
      snoozed: false,
      count: 1,
      priority: 'P4',
      tags: ['disk', 'db'],
      details: { free: '1 %' },
      entity: 'db-1',
      source: 'nagios',
    });
    const until = plusMinutes(clock.now(), 120);
    const note = { user: 'ada@example.com', note: 'Looking' };
    expect(
      await accepted('POST', '/db-1%2Fdisk/snooze?identifierType=alias', { endTime: until, ...note }),
    ).toMatchObject({
      success: true,
      action: 'Snooze',
      alertId: id,
    });
    expect(await shown('/1?identifierType=tiny')).toMatchObject({ snoozed: true, snoozedUntil: until });
    expect(await pendingOf(id)).toContain('It escalates by the rule "no-ack-1h" when the snooze ends.');
    expect(await accepted('POST', '/1/acknowledge?identifierType=tiny', note)).toMatchObject({
      success: true,
      action: 'Acknowledge',
      status: 'Acknowledged alert',
    });
    expect(await accepted('POST', `/${id}/notes`, note)).toMatchObject({ success: true, action: 'AddNote' });
    expect(await shown(`/${id}`)).toMatchObject({ acknowledged: true, snoozed: false });
    expect(await accepted('POST', `/${id}/close`, { note: 'Cleaned up' })).toMatchObject({
      success: true,
      action: 'Close',
      status: 'Closed alert',
    });
    expect(await shown(`/${id}`)).toMatchObject({ status: 'closed' });
    expect(await incidentOf(id)).toMatchObject({
      reference: 'INC-001',
      severity: 'SEV4',
      status: 'RESOLVED',
      source: 'opsgenie',
      acknowledgement: { note: 'ada@example.com: Looking' },
    });
  });

  it('is worked on through paths as opsgenie-sdk writes them', async () => {
    const { alertId } = await accepted('POST', '/', { message: 'Odd paths', alias: 'paths' });
    const asked = (action: string) => `/paths/${action}/?identifierType=alias`;
    expect(await accepted('POST', asked('acknowledge'), {})).toMatchObject({ success: true, alertId });
    expect(await accepted('POST', asked('tags'), { tags: ['a', 'b'] })).toMatchObject({ success: true });
    expect(await accepted('DELETE', `${asked('tags')}&tags=a`)).toMatchObject({ success: true });
    expect(await incidentOf(alertId)).toMatchObject({ tags: ['b'] });
    expect(await accepted('POST', asked('close'), {})).toMatchObject({ success: true, alertId });
    expect(await shown('/paths?identifierType=alias')).toMatchObject({ id: alertId, status: 'closed' });
  });

  it('of an alias that is open is counted, and after it is over is a new one', async () => {
    const alert = { message: 'Slow', alias: 'slow', priority: 'P3' };
    const first = await accepted('POST', '', alert);
    const second = await accepted('POST', '', alert);
    expect(second.alertId).toBe(first.alertId);
    expect(await shown('/slow?identifierType=alias')).toMatchObject({ count: 2 });
    await accepted('POST', '/slow/close?identifierType=alias');
    expect((await accepted('POST', '', alert)).alertId).not.toBe(first.alertId);
  });

  it('whose alias is a number is found by it', async () => {
    const { alertId } = await accepted('POST', '', { message: 500, alias: 77 });
    expect(await accepted('POST', '', { message: 500, alias: 77 })).toMatchObject({ alertId });
    expect(await shown('/77?identifierType=alias')).toMatchObject({ alias: '77', message: '500', count: 2 });
    await accepted('POST', '/77/close?identifierType=alias', { note: 1 });
    expect(await shown('/77?identifierType=alias')).toMatchObject({ id: alertId, status: 'closed' });
  });

  it('without an alias is its own', async () => {
    const first = await accepted('POST', '', { message: 'Odd' });
    const second = await accepted('POST', '', { message: 'Odd' });
    expect(first.alias).toBe(first.alertId);
    expect(second.alertId).not.toBe(first.alertId);
    expect(await shown(`/${first.alias}?identifierType=alias`)).toMatchObject({ id: first.alertId });
  });

  it('whose incident was merged is part of the other, by its id, too', async () => {
    const [slow, broken] = [
      await accepted('POST', '', { message: 'Slow', alias: 'part', priority: 'P3' }),
      await accepted('POST', '', { message: 'Broken', alias: 'whole', priority: 'P3' }),
    ];
    const globalId = (id: unknown) => Buffer.from(`Incident:${id}`).toString('base64');
    const input = { incidentId: globalId(slow.alertId), intoIncidentId: globalId(broken.alertId) };
    const merged = { ...input, reason: 'One outage' };
    await mutate(serving.url, servingKey, 'mergeIncidents', merged, 'incident { status }');
    const note = { note: 'On it' };
    await accepted('POST', `/${slow.alertId}/acknowledge`, note);
    expect(await incidentOf(broken.alertId)).toMatchObject({ acknowledgement: note });
    await accepted('POST', '/whole/close?identifierType=alias', {});
    expect(await incidentOf(broken.alertId)).toMatchObject({ status: 'ACKNOWLEDGED' });
    await accepted('POST', `/${slow.alertId}/close`, {});
    expect(await incidentOf(broken.alertId)).toMatchObject({ status: 'RESOLVED' });
  });

  it('of high priority has its signals cleared by closing, and stays open', async () => {
    const { alertId } = await accepted('POST', '', { message: 'Down', alias: 'down', priority: 'P1' });
    await accepted('POST', '/down/close?identifierType=alias', {});
    expect(await incidentOf(alertId)).toMatchObject({
      severity: 'SEV1',
      status: 'REPORTED',
    });
    expect(await shown(`/${alertId}`)).toMatchObject({ status: 'closed' });
  });

  it('is unacknowledged, assigned, escalated, tagged, detailed and raised', async () => {
    const { alertId } = await accepted('POST', '', { message: 'Busy', alias: 'busy', priority: 'P3' });
    const act = (method: string, action: string, body: Body) =>
      accepted(method, `/${alertId}/${action}`, body);
    await act('POST', 'acknowledge', {});
    expect(await act('POST', 'unacknowledge', { note: 'Not mine' })).toMatchObject({ success: true });
    const members = await post<{ members: { edges: { node: { user: { email: string } } }[] } }>(
      serving.url,
      servingKey,
      '{ members(first: 1) { edges { node { user { email } } } } }',
    );
    const email = members.data?.members.edges[0]?.node.user.email ?? '';
    expect(await act('POST', 'assign', { owner: { username: email } })).toMatchObject({
      success: email !== '',
    });
    expect(await act('POST', 'assign', { owner: { username: 'nobody@example.com' } })).toMatchObject({
      success: false,
      status: 'Owner is not a member',
    });
    expect(await act('POST', 'escalate', { escalation: { name: 'Whoever' } })).toMatchObject({
      success: true,
    });
    expect(await act('POST', 'escalate', { escalation: { name: 'Director' } })).toMatchObject({
      success: true,
    });
    await act('POST', 'tags', { tags: ['web', 'eu'] });
    await accepted('DELETE', `/${alertId}/tags?tags=eu`);
    await act('POST', 'details', { details: { region: 'eu-1' } });
    await act('PUT', 'priority', { priority: 'P2' });
    await act('PUT', 'priority', { priority: 'P5' });
    await act('PUT', 'message', { message: 'Very busy' });
    await act('PUT', 'description', { description: 'All of it' });
    const incident = await incidentOf(alertId);
    expect(incident).toMatchObject({ severity: 'SEV2', status: 'REPORTED', title: 'Busy', tags: ['web'] });
    expect(JSON.stringify(incident)).toMatch(/"ON_CALL".*"DIRECTOR"/);
  });

  it('belongs to the key that brought it', async () => {
    const { alertId } = await accepted('POST', '', { message: 'Mine', alias: 'mine' });
    const theirs = await other.accepted('POST', '', { message: 'Theirs', alias: 'mine' });
    expect(theirs.alertId).not.toBe(alertId);
    expect((await other.call('GET', `/${alertId}`)).status).toBe(404);
    const closed = await other.accepted('POST', `/${alertId}/close`, {});
    expect(closed).toMatchObject({ success: false, status: 'Alert does not exist', alertId: '', alias: '' });
    expect(await shown(`/${alertId}`)).toMatchObject({ status: 'open' });
    const declared = await mutate<{ incident: { id: string } }>(
      serving.url,
      servingKey,
      'declareIncident',
      { title: 'By hand', severity: 'SEV3' },
      'incident { id }',
    );
    const id = Buffer.from(declared.incident.id, 'base64').toString().split(':')[1];
    expect((await client.call('GET', `/${id}`)).status).toBe(404);
  });

  it('whose status is asked for is told to its key only', async () => {
    const { answer } = await client.call('POST', '', { message: 'Kept', alias: 'kept' });
    const path = `/requests/${answer.requestId}`;
    expect((await client.call('GET', path)).answer.data).toMatchObject({ success: true, alias: 'kept' });
    expect((await other.call('GET', path)).status).toBe(404);
  });
});
