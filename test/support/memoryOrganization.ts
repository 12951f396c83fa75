import type { ApiKeyScope, MemberRole } from '../../src/domain/access/actor.ts';
import type { EarlyClearing } from '../../src/domain/incident/decision.ts';
import type { IncidentRecord, IncidentState } from '../../src/domain/incident/state.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type { Ledger, LedgerEntry } from '../../src/domain/ledger/ledger.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import type { DueDeadline } from '../../src/store/dueDeadline.ts';
import type { KeyHolder, StoredRequest } from '../../src/store/port.ts';

/** A stored incident: its row, its text, and who planned it. */
export interface StoredIncident {
  version: number;
  number: number;
  sequence: number;
  policyVersion: number;
  shape: number;
  state: string;
  text: { readonly description: string; readonly notes: string };
  gateBlockedAt: Instant | null;
}

/** An API key's row, as far as a decision looks at it. */
export interface MemoryKey {
  readonly role: MemberRole;
  readonly scopes: readonly ApiKeyScope[];
  readonly revokedAt: Instant | null;
}

/** A deadline's row. */
export interface StoredDeadline extends DueDeadline {
  leaseUntil: Instant | null;
  attempts: number;
}

/** A row of some table. */
export type Row = Readonly<Record<string, unknown>>;

/** Everything one organization has. */
export class MemoryOrganization {
  policyVersion = 1;
  number = 0;
  readonly policies = new Map<number, Policy>([[1, defaultPolicy]]);
  readonly ledgers: Record<Ledger, LedgerEntry[]> = { INCIDENTS: [], ADMINISTRATION: [] };
  readonly incidents = new Map<string, StoredIncident>();
  readonly snapshots = new Map<string, string>();
  readonly lists = new Map<string, Row>();
  readonly keys = new Map<string, KeyHolder>();
  readonly requests = new Map<string, StoredRequest>();
  /** `SERVICE name` → id. */
  readonly names = new Map<string, string>();
  readonly members = new Set<string>();
  readonly signals = new Map<string, Record<string, unknown>>();
  /** Dedup key and fingerprint → a clearing that came early. */
  readonly earlyClearings = new Map<string, EarlyClearing>();
  earlyClearingCount = 0;
  readonly errors = new Map<string, Row>();
  readonly runs = new Map<string, Row>();
  readonly bursts = new Map<string, Row>();
  /** Incident and target → errors. */
  readonly runTargets = new Map<string, number>();
  /** Incident → what its source lists as hit. */
  readonly syncedTargets = new Map<string, readonly string[]>();
  readonly visibility = new Map<number, boolean>();
  readonly apiKeys = new Map<string, MemoryKey>();
  readonly deadlines = new Map<string, StoredDeadline>();
  /** Incident, or REPLAN → the keys of its deadlines. */
  readonly planned = new Map<string, readonly string[]>();
  readonly versions = new Map<string, LedgerEntry>();
}

/** The incident as a load answers it. */
export function recordOf(org: MemoryOrganization, incidentId: string): IncidentRecord | null {
  const row = org.incidents.get(incidentId);
  if (row === undefined) return null;
  const state = { ...JSON.parse(row.state), ...row.text } as IncidentState;
  return { state, number: row.number, sequence: row.sequence, policyVersion: row.policyVersion };
}
