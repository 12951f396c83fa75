import type { IncidentEvent } from '../domain/incident/events.ts';
import type { Instant } from '../domain/instant.ts';
import { decodeBody } from '../domain/ledger/body.ts';
import type { IncidentEntry, LedgerEntry, LedgerEventType } from '../domain/ledger/ledger.ts';

/** An entry of either ledger as the database gives it. */
export type EventRow = {
  readonly sequence: string;
  readonly number: number;
  readonly incident_id: string | null;
  readonly version: number | null;
  readonly type: string;
  readonly command_id: string;
  readonly at: Instant;
  readonly is_public: boolean;
  readonly severity: LedgerEntry['severity'];
  readonly previous_hash: string;
  readonly hash: string;
  readonly body: string;
  readonly bytes: string;
};

/** An incident's entry that was read from the database: its body is parsed when someone looks at the event. */
export class ReadEntry implements IncidentEntry {
  readonly organizationId: string;
  readonly ledger = 'INCIDENTS' as const;
  readonly sequence: number;
  readonly number: number;
  readonly incidentId: string;
  readonly version: number;
  readonly type: LedgerEventType;
  readonly commandId: string;
  readonly at: Instant;
  readonly isPublic: boolean;
  readonly severity: LedgerEntry['severity'];
  readonly previousHash: string;
  readonly hash: string;
  readonly body: string;
  #event: IncidentEvent | null = null;

  /** @throws Error when the row is not of an incident: the ledger was altered. */
  constructor(organizationId: string, row: EventRow) {
    if (row.incident_id === null || row.version === null)
      throw new Error(`Event ${row.sequence} has no incident.`);
    this.organizationId = organizationId;
    this.sequence = Number(row.sequence);
    this.number = row.number;
    this.incidentId = row.incident_id;
    this.version = row.version;
    this.type = row.type as LedgerEventType;
    this.commandId = row.command_id;
    this.at = row.at;
    this.isPublic = row.is_public;
    this.severity = row.severity;
    this.previousHash = row.previous_hash;
    this.hash = row.hash;
    this.body = row.body;
  }

  /** @throws SyntaxError when the body is not JSON: the ledger was altered. */
  get event(): IncidentEvent {
    this.#event ??= decodeBody(this.body);
    return this.#event;
  }
}
