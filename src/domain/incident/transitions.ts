import { type Actor, isPerson } from '../access/actor.ts';
import { type IncidentStatus, isOpen } from './vocabulary.ts';

const following: Readonly<Record<IncidentStatus, readonly IncidentStatus[]>> = {
  REPORTED: ['ACKNOWLEDGED', 'INVESTIGATING', 'IDENTIFIED', 'MITIGATED', 'RESOLVED', 'CANCELLED'],
  ACKNOWLEDGED: ['REPORTED', 'INVESTIGATING', 'IDENTIFIED', 'MITIGATED', 'RESOLVED', 'CANCELLED'],
  INVESTIGATING: ['REPORTED', 'IDENTIFIED', 'MITIGATED', 'RESOLVED', 'CANCELLED'],
  IDENTIFIED: ['INVESTIGATING', 'MITIGATED', 'RESOLVED', 'CANCELLED'],
  MITIGATED: ['INVESTIGATING', 'IDENTIFIED', 'RESOLVED', 'CANCELLED'],
  RESOLVED: ['INVESTIGATING', 'CLOSED'],
  CLOSED: [],
  CANCELLED: [],
};

/** The statuses that can follow this one by any command, its gates permitting. Source: rules.md, Status. */
export function allowedFrom(status: IncidentStatus): readonly IncidentStatus[] {
  return following[status];
}

/** CLOSED and CANCELLED: the record stays as it is, but for notes, tags, tickets, visibility and actions. */
export function isFinal(status: IncidentStatus): boolean {
  return status === 'CLOSED' || status === 'CANCELLED';
}

/** How long a command is possible. */
export type Window = 'ANY' | 'UNTIL_FINAL' | 'OPEN';

/** Whether a command of this window is possible in this status. */
export function isWithin(window: Window, status: IncidentStatus): boolean {
  if (window === 'ANY') return true;
  return window === 'OPEN' ? isOpen(status) : !isFinal(status);
}

/** A repeat by the scheduler or an integration is no mistake to be told about: it succeeds without an event. */
export function isMachine(actor: Actor): boolean {
  return !isPerson(actor);
}
