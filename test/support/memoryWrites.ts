import type { LedgerEntry } from '../../src/domain/ledger/ledger.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import { entryHash, firstPreviousHash } from '../../src/store/hash.ts';
import type { Change, KeyHolder, TableRows } from '../../src/store/port.ts';
import { writeMemoryErrors } from './memoryErrors.ts';
import type {
  MemoryKey,
  MemoryOrganization,
  Row,
  StoredDeadline,
  StoredIncident,
} from './memoryOrganization.ts';

const nameTables = { service: 'SERVICE', team: 'TEAM', project: 'PROJECT' } as const;

/** Numbers an event and links it to the chain. */
export function append(
  org: MemoryOrganization,
  organizationId: string,
  { change, event, number }: { change: Change; event: Change['events'][number]; number: number },
): LedgerEntry {
  const ledger = org.ledgers[event.ledger];
  const sequence = ledger.length + 1;
  const previousHash = ledger.at(-1)?.hash ?? firstPreviousHash;
  const { body } = event;
  const numbered = {
    organizationId,
    ledger: event.ledger,
    sequence,
    number: event.ledger === 'INCIDENTS' ? number : 0,
    previousHash,
    body,
  };
  const entry: LedgerEntry = {
    ...event,
    ...numbered,
    commandId: change.commandId,
    hash: entryHash(numbered),
  };
  ledger.push(entry);
  if (event.incidentId !== null) {
    const key = `${event.incidentId} ${event.version}`;
    if (org.versions.has(key)) throw new Error(`Version ${key} is in the ledger twice.`);
    org.versions.set(key, entry);
    const row = org.incidents.get(event.incidentId);
    if (row !== undefined) [row.version, row.sequence] = [event.version ?? 0, sequence];
  }
  return entry;
}

/** Writes the rows of a change that anything here reads again. */
export function writeRows(org: MemoryOrganization, { rows }: Change, organizationId: string): void {
  for (const [table, kind] of Object.entries(nameTables)) {
    for (const row of rows[table] ?? []) org.names.set(`${kind} ${row.name_key}`, row.id as string);
  }
  for (const row of rows.signal ?? []) {
    const { incident_id, firing, dedup_key } = row;
    const known = org.signals.get(row.id as string);
    org.signals.set(row.id as string, known ? { ...known, incident_id, firing, dedup_key } : { ...row });
  }
  const update = (table: string, change: (stored: Record<string, unknown>, row: Row) => void) => {
    for (const row of rows[table] ?? []) {
      const stored = org.signals.get(row.id as string);
      if (stored !== undefined) change(stored, row);
    }
  };
  update('signal_attachment', (stored, row) => Object.assign(stored, { incident_id: row.incident_id }));
  update('signal_clearing', (stored, row) =>
    Object.assign(stored, { cleared_at: row.cleared_at, firing: false }),
  );
  update('signal_repeat', (stored, row) =>
    Object.assign(stored, { count: Number(stored.count) + Number(row.count) }),
  );
  for (const row of rows.early_clearing ?? []) remember(org, row);
  writeMemoryErrors(org, rows.reported_error ?? []);
  for (const row of rows.run ?? []) org.runs.set(`${row.source} ${row.run_id}`, row);
  for (const row of rows.run_burst ?? []) org.bursts.set(row.incident_id as string, row);
  for (const row of rows.run_target ?? []) {
    const key = `${row.incident_id} ${row.target}`;
    org.runTargets.set(key, (org.runTargets.get(key) ?? 0) + (row.error_count as number));
  }
  for (const row of rows.synced_target ?? []) {
    org.syncedTargets.set(row.incident_id as string, row.targets as string[]);
  }
  for (const row of rows.timeline_visibility ?? []) {
    org.visibility.set(row.sequence as number, row.is_public as boolean);
  }
  for (const row of rows.membership ?? []) org.members.add(row.user_id as string);
  for (const row of rows.api_key ?? []) {
    const { role, scopes } = row as Pick<MemoryKey, 'role' | 'scopes'>;
    org.apiKeys.set(row.id as string, { role, scopes, revokedAt: null });
  }
  for (const row of rows.api_key_revocation ?? []) {
    const key = org.apiKeys.get(row.id as string);
    if (key) org.apiKeys.set(row.id as string, { ...key, revokedAt: row.revoked_at as string });
  }
  writePolicy(org, rows, organizationId);
}

function remember(org: MemoryOrganization, { dedup_key, fingerprint, ended_at }: Row): void {
  const place = `${dedup_key}\n${fingerprint}`;
  const [dedupKey, endedAt] = [dedup_key as string, ended_at as string];
  if ((org.earlyClearings.get(place)?.endedAt ?? '') >= endedAt) return;
  const clearing = { dedupKey, fingerprint: fingerprint === '' ? null : (fingerprint as string), endedAt };
  org.earlyClearings.set(place, clearing);
  org.earlyClearingCount += 1;
}

function writePolicy(org: MemoryOrganization, rows: TableRows, organizationId: string): void {
  for (const row of rows.policy ?? []) {
    org.policyVersion = row.version as number;
    org.policies.set(org.policyVersion, JSON.parse(row.policy as string) as Policy);
    org.planned.set('REPLAN', ['REPLAN']);
    org.deadlines.set('REPLAN', {
      organizationId,
      incidentId: null,
      kind: 'REPLAN',
      key: '',
      dueAt: row.at as string,
      leaseUntil: null,
      attempts: 0,
    });
  }
}

/** Takes, takes back and releases dedup keys. */
export function moveKeys(
  keys: Map<string, KeyHolder>,
  { incidentId, dedupKeys }: Pick<Change, 'incidentId' | 'dedupKeys'>,
): void {
  if (dedupKeys === null || incidentId === null) return;
  const hold = (key: string, held: boolean) => void keys.set(key, { key, incidentId, held });
  for (const key of dedupKeys.take) hold(key, true);
  for (const key of dedupKeys.retake) if (!keys.get(key)?.held) hold(key, true);
  for (const key of dedupKeys.release) if (keys.get(key)?.incidentId === incidentId) hold(key, false);
}

/** Writes an incident's row, and what goes with it when this change carries the state. */
export function writeIncident(
  org: MemoryOrganization,
  { incidentId, incident, events, gate }: Change,
  { number, isCarrier }: { number: number; isCarrier: boolean },
): void {
  if (incidentId === null) return;
  const before = org.incidents.get(incidentId);
  // Until its state comes with a later change of the batch, a declared incident has a row without one.
  const row: StoredIncident = before ?? {
    version: 0,
    number,
    sequence: 0,
    policyVersion: 0,
    shape: 0,
    state: '',
    text: { description: '', notes: '' },
    gateBlockedAt: null,
  };
  const last = events.findLast(({ ledger }) => ledger === 'INCIDENTS');
  row.gateBlockedAt = gate?.after ?? null;
  if (last !== undefined) {
    row.version = last.version ?? row.version;
    row.sequence = org.ledgers.INCIDENTS.length;
  }
  if (before === undefined && last !== undefined) org.incidents.set(incidentId, row);
  if (incident === null || !isCarrier) return;
  const { state, policyVersion, shape } = incident;
  Object.assign(row, { state, policyVersion, shape });
  if (incident.text !== null) row.text = incident.text;
  if (incident.list !== null) org.lists.set(incidentId, incident.list);
  for (const snapshot of incident.snapshots) {
    org.snapshots.set(`${incidentId} ${snapshot.version}`, snapshot.state);
  }
}

/** Replaces the whole set of deadlines. */
export function writeDeadlines(org: MemoryOrganization, organizationId: string, change: Change): void {
  const { incidentId } = change;
  const stays = new Map<string, StoredDeadline>();
  for (const { kind, key, dueAt } of change.deadlines ?? []) {
    const row = { organizationId, incidentId, kind, key, dueAt, leaseUntil: null, attempts: 0 };
    stays.set(`${incidentId} ${kind} ${key}`, row);
  }
  const planned = incidentId ?? 'REPLAN';
  for (const key of org.planned.get(planned) ?? []) org.deadlines.delete(key);
  org.planned.set(planned, [...stays.keys()]);
  for (const [key, row] of stays) org.deadlines.set(key, row);
}
