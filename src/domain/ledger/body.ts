import type { AdministrationEvent } from '../administration/events.ts';
import type { IncidentEvent } from '../incident/events.ts';
import type { Ledger } from './ledger.ts';

/** The event of each ledger. */
export interface EventOfLedger {
  INCIDENTS: IncidentEvent;
  ADMINISTRATION: AdministrationEvent;
}

/**
 * The event as the exact text that is stored and hashed. Made once, when the event is decided; whoever has the text
 * never encodes again.
 */
export function encodeBody(event: IncidentEvent | AdministrationEvent): string {
  return JSON.stringify(event);
}

/**
 * The event a stored body holds.
 *
 * @throws SyntaxError when the text is not JSON: the ledger was altered.
 */
export function decodeBody<L extends Ledger = 'INCIDENTS'>(body: string): EventOfLedger[L] {
  return JSON.parse(body) as EventOfLedger[L];
}
