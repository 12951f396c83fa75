import { v7 } from 'uuid';
import type { IncidentEventType } from '../../src/domain/incident/events.ts';
import type { Database } from '../../src/store/database.ts';
import type { Change } from '../../src/store/port.ts';
import { changeOf, commit, noted, stored } from '../store/founded.ts';

/** What a program of another version writes about an incident: an event nobody knows here, of a note's payload. */
export async function writeUnknownEvent(
  database: Database,
  organizationId: string,
  incidentId: string,
  { type = 'INCIDENT_TELEPORTED', shape }: { readonly type?: string; readonly shape?: number } = {},
): Promise<void> {
  const before = await stored(database, organizationId, incidentId);
  const { change } = changeOf(incidentId, before, [noted('to the moon')]);
  const events = change.events.map((event) => ({
    ...event,
    type: type as IncidentEventType,
    body: event.body.replace('INCIDENT_NOTE_ADDED', type),
  }));
  const incident = change.incident && { ...change.incident, shape: shape ?? change.incident.shape };
  await mustCommit(database, organizationId, { ...change, events, incident, deadlines: null });
}

/** The same in the administration ledger. */
export async function writeUnknownAdministration(database: Database, organizationId: string): Promise<void> {
  const commandId = v7();
  const at = '2026-11-20T19:00:00.000Z';
  const type = 'MOON_ADDED';
  const actor = { kind: 'SYSTEM', id: null, role: null };
  const body = JSON.stringify({
    type,
    typeVersion: 1,
    policyVersion: 1,
    commandId,
    actor,
    at,
    payload: { moon: 'Io' },
  });
  await mustCommit(database, organizationId, {
    incidentId: null,
    baseVersion: null,
    administrationSequence: null,
    commandId,
    events: [
      {
        ledger: 'ADMINISTRATION',
        type: type as never,
        incidentId: null,
        version: null,
        at,
        isPublic: false,
        severity: null,
        body,
      },
    ],
    incident: null,
    rows: {},
    deletes: {},
    deadlines: null,
    dedupKeys: null,
    request: null,
  });
}

async function mustCommit(database: Database, organizationId: string, change: Change): Promise<void> {
  const outcomes = await commit(database, organizationId, [change]);
  if (outcomes[0]?.kind !== 'committed') throw new Error(JSON.stringify(outcomes));
}
