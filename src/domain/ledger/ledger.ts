import type { AdministrationEvent, AdministrationEventType } from '../administration/events.ts';
import type { IncidentEvent, IncidentEventType } from '../incident/events.ts';
import type { IncidentSeverity } from '../incident/vocabulary.ts';
import type { Instant } from '../instant.ts';

/** Two per organization, one mechanism. The order gives the byte hashed for each: 0 and 1. */
export const ledgers = ['INCIDENTS', 'ADMINISTRATION'] as const;
export type Ledger = (typeof ledgers)[number];

/** Every type of event, of both ledgers. */
export type LedgerEventType = IncidentEventType | AdministrationEventType;

/** One entry of a ledger as stored: what a subscriber receives, what `verify` checks. */
export interface LedgerEntry {
  readonly organizationId: string;
  readonly ledger: Ledger;
  /** Gapless per organization and ledger, from 1. */
  readonly sequence: number;
  /** The incident's INC number; 0 in ADMINISTRATION. */
  readonly number: number;
  readonly incidentId: string | null;
  /** The incident's version right after it; null in ADMINISTRATION. */
  readonly version: number | null;
  readonly type: LedgerEventType;
  readonly commandId: string;
  readonly at: Instant;
  readonly isPublic: boolean;
  readonly severity: IncidentSeverity | null;
  /** Lower-case hexadecimal, 64 characters. */
  readonly previousHash: string;
  readonly hash: string;
  /** The exact JSON text that `hash` covers. */
  readonly body: string;
}

/** An entry whose body has been parsed. */
export interface IncidentEntry extends LedgerEntry {
  readonly ledger: 'INCIDENTS';
  readonly incidentId: string;
  readonly version: number;
  readonly event: IncidentEvent;
}

/** An entry of the administration ledger whose body has been parsed. */
export interface AdministrationEntry extends LedgerEntry {
  readonly ledger: 'ADMINISTRATION';
  readonly event: AdministrationEvent;
}
