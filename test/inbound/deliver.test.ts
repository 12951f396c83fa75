import { expect, it } from 'vitest';
import { alertmanager } from '../../src/inbound/alertmanager.ts';
import { deliver } from '../../src/inbound/deliver.ts';
import { done, openDoor, organizationId } from '../app/openDoor.ts';
import { fixture } from './fixture.ts';
import { ingest } from './switchboard.ts';

const principal = { ...ingest, organizationId };

function alerts(states: Record<string, 'firing' | 'resolved'>) {
  const body = fixture('alertmanager-firing');
  const [alert] = body.alerts as Record<string, unknown>[];
  const all = Object.entries(states).map(([fingerprint, status]) => ({ ...alert, status, fingerprint }));
  const translation = alertmanager({ ...body, alerts: all }, { apiKeyId: ingest.credentialId });
  if ('problems' in translation) throw new Error(JSON.stringify(translation.problems));
  return translation.commands;
}

it('what stops in a delivery reaches the resolved incident, although what fires in it begins a new one', async () => {
  const room = openDoor();
  const send = async (states: Record<string, 'firing' | 'resolved'>) => {
    expect(await deliver(alerts(states), principal, room.door)).toEqual({ kind: 'committed' });
    return [...room.organization.incidents.keys()];
  };
  const [first = ''] = await send({ a: 'firing', b: 'firing' });
  await room.on(first, 'acknowledgeIncident', {});
  await room.on(first, 'recordRootCause', { summary: 's', category: 'UNKNOWN', remediationSteps: 'r' });
  done(await room.on(first, 'resolveIncident', { summary: 'Rolled back' }));
  const [, second = ''] = await send({ a: 'firing', b: 'resolved' });
  const signals = [...room.organization.signals.values()].map((signal) => [
    signal.incident_id,
    signal.fingerprint,
    signal.cleared_at !== null,
  ]);
  expect(signals).toEqual([
    [first, 'a', false],
    [first, 'b', true],
    [second, 'a', false],
  ]);
});

it('where an incident holds the key, a delivery is one change', async () => {
  const room = openDoor();
  await deliver(alerts({ a: 'firing', b: 'firing' }), principal, room.door);
  const commits = room.memory.commits;
  await deliver(alerts({ a: 'resolved', b: 'firing', c: 'firing' }), principal, room.door);
  expect(room.memory.commits).toBe(commits + 1);
  expect(room.organization.incidents.size).toBe(1);
});
