import { createHash } from 'node:crypto';
import type { IncidentEvent } from '../../src/domain/incident/events.ts';
import { evolve } from '../../src/domain/incident/evolve.ts';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import { encodeBody } from '../../src/domain/ledger/body.ts';
import type { LedgerFeedEntry } from '../../src/feed/entry.ts';
import type { Database } from '../../src/store/database.ts';

export const organizationId = '0190a000-0000-7000-8000-000000000001';
const at = '2026-11-20T19:00:00.000Z';
const incidents = [1, 2, 3].map((n) => `0190a000-0000-7000-8000-00000000100${n}`);

/** The ledger of one organization in memory, with just enough SQL for the feed to read it. */
export interface FakeLedger {
  readonly database: Database;
  readonly head: number;
  /** The newest entry. */
  readonly last: LedgerFeedEntry | undefined;
  /** Statements so far that read events. */
  readonly pagesRead: number;
  /** Statements so far that read what incidents were before some of them. */
  readonly statesRead: number;
  /** Appends notes to the incidents in turn; what the write path would hand the feed. */
  append(count: number, text?: string): readonly LedgerFeedEntry[];
  /** Every statement fails until told otherwise. */
  break(broken: boolean): void;
  /** Another database handle on the same ledger, as another instance would have. */
  another(): Database;
}

/** Reads are answered after `delay()` milliseconds with what the ledger holds when they are answered. */
export function fakeLedger(delay: () => number = () => 0): FakeLedger {
  const entries: LedgerFeedEntry[] = [];
  const states = new Map<string, IncidentState>();
  const ears = new Set<(payload: string) => void>();
  let broken = false;
  let pagesRead = 0;
  let statesRead = 0;

  const next = (text: string): LedgerFeedEntry => {
    const sequence = entries.length + 1;
    const incident = incidents[sequence % incidents.length] as string;
    const before = states.get(incident) ?? null;
    const event = before === null ? declared(incident) : noted(incident, before.version + 1, text);
    const state = evolve(before, event);
    states.set(incident, state);
    const hash = createHash('sha256').update(String(sequence)).digest('hex');
    const made: LedgerFeedEntry = {
      entry: {
        organizationId,
        ledger: 'INCIDENTS',
        sequence,
        number: incidents.indexOf(incident) + 1,
        incidentId: incident,
        version: event.version,
        type: event.type,
        commandId: event.commandId,
        at,
        isPublic: false,
        severity: 'SEV2',
        previousHash: hash,
        hash,
        body: encodeBody(event),
        event,
      },
      after: { state, number: incidents.indexOf(incident) + 1, sequence, policyVersion: 1 },
    };
    entries.push(made);
    return made;
  };

  const handle = (): Database => ({
    mode: 'server',
    tend: async () => undefined,
    for: () => {
      throw new Error('not here');
    },
    asOrganization: async (_organization, sql, parameters = []) => {
      await pause(delay());
      if (broken) throw new Error('the database is away');
      const isAdministration = parameters[1] === 1;
      if (sql.includes('ledger_head'))
        return [{ sequence: isAdministration ? '0' : String(entries.length) }] as never;
      if (isAdministration) return [] as never;
      if (sql.includes('with wanted')) {
        statesRead += 1;
        return eventsBefore(entries, parameters) as never;
      }
      pagesRead += 1;
      return page(entries, Number(parameters[2]), Number(parameters[3])) as never;
    },
    callAsOrganization: () => Promise.reject(new Error('not here')),
    asIdentity: () => Promise.reject(new Error('not here')),
    asPlatform: async () => {
      await pause(delay());
      if (broken) throw new Error('the database is away');
      return [{ organization_id: organizationId, ledger: 0, sequence: String(entries.length) }] as never;
    },
    notify: async (payload) => {
      for (const ear of ears) setTimeout(() => ear(payload), delay());
    },
    listen: async (onPayload) => {
      ears.add(onPayload);
      return async () => void ears.delete(onPayload);
    },
    close: async () => {},
  });

  return {
    database: handle(),
    get head() {
      return entries.length;
    },
    get last() {
      return entries.at(-1);
    },
    get pagesRead() {
      return pagesRead;
    },
    get statesRead() {
      return statesRead;
    },
    append: (count, text = 'looking') => Array.from({ length: count }, () => next(text)),
    break(value) {
      broken = value;
    },
    another: handle,
  };
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

function envelope(incident: string, version: number) {
  return {
    typeVersion: 1 as const,
    incident,
    version,
    policyVersion: 1,
    commandId: incident,
    actor: { kind: 'API_KEY' as const, id: incident, role: 'MEMBER' as const },
    at,
    isPublic: false,
    statusBefore: version === 1 ? null : ('REPORTED' as const),
    statusAfter: 'REPORTED' as const,
    severity: 'SEV2' as const,
  };
}

function declared(incident: string): IncidentEvent {
  return {
    type: 'INCIDENT_CREATED',
    ...envelope(incident, 1),
    payload: {
      title: 'Checkout answers 500',
      description: '',
      severity: 'SEV2',
      mode: 'STANDARD',
      type: null,
      impact: null,
      environment: null,
      serviceId: null,
      projectId: null,
      ownerTeamId: null,
      source: 'manual',
      tags: [],
      correlationKeys: [],
      runbook: null,
      externalRefs: [],
      detectedAt: at,
      startedAt: null,
      dedupKeys: [],
    },
  };
}

function noted(incident: string, version: number, message: string): IncidentEvent {
  return {
    type: 'INCIDENT_NOTE_ADDED',
    ...envelope(incident, version),
    payload: { message },
  } as IncidentEvent;
}

function page(entries: readonly LedgerFeedEntry[], after: number, limit: number) {
  let bytes = 0;
  const rows = [];
  for (const { entry } of entries.slice(after, after + limit)) {
    if (bytes >= 1_000_000) break;
    bytes += entry.body.length;
    rows.push({
      sequence: String(entry.sequence),
      number: entry.number,
      incident_id: entry.incidentId,
      version: entry.version,
      type: entry.type,
      command_id: entry.commandId,
      at: entry.at,
      is_public: entry.isPublic,
      severity: entry.severity,
      previous_hash: entry.previousHash,
      hash: entry.hash,
      body: entry.body,
      bytes: String(bytes),
    });
  }
  return rows;
}

function eventsBefore(entries: readonly LedgerFeedEntry[], parameters: readonly unknown[]) {
  const [, ids, versions] = parameters as [string, string[], number[]];
  return entries
    .filter(({ entry }) => {
      const wanted = versions[ids.indexOf(entry.incidentId ?? '')];
      return wanted !== undefined && (entry.version ?? 0) < wanted;
    })
    .map(({ entry }) => ({ incident_id: entry.incidentId, version: entry.version, text: entry.body }));
}
