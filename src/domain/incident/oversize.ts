import { refuseInvalid } from '../refuse.ts';
import type { Refused } from './decision.ts';
import type { IncidentEvent, IncidentEventType } from './events.ts';
import { limits } from './limits.ts';
import { type IncidentState, listLimit } from './state.ts';

/** The longest body of an event, in UTF-16 units. Source: architecture.md, The ledgers. */
export const bodyLimit = 16_384;

/** The longest body of a declaration, an edit, a notes splice, or what a merge brings. */
export const largeBodyLimit = 204_800;

/** The longest JSON of a state without description and notes, in UTF-16 units. Source: architecture.md, State. */
export const stateLimit = 65_536;

/** What its details (everything but the texts of the workflow) may fill of it, so that there is room to resolve it. */
const detailsLimit = 28_672;

/** JSON at most doubles an accepted text (quotes, backslashes, line feeds); the envelope and keys fit the rest. */
const envelopeReserve = 2_048;

/** So little is always accepted: a full incident can still be acknowledged, reopened or given to someone. */
const alwaysRoomFor = 512;

const large: ReadonlySet<IncidentEventType> = new Set<IncidentEventType>([
  'INCIDENT_CREATED',
  'INCIDENT_UPDATED',
  'INCIDENT_NOTES_EDITED',
  // It brings the keys of another incident, 100 at most.
  'INCIDENT_ABSORBED',
]);

/** Events that put a person's texts into the state: the details, and the steps of the workflow. */
const fillsDetails: ReadonlySet<IncidentEventType> = new Set<IncidentEventType>([
  'INCIDENT_CREATED',
  'INCIDENT_UPDATED',
  'INCIDENT_TAG_ADDED',
  'INCIDENT_LINKED_TO_TICKET',
  'INCIDENT_AFFECTED_SERVICES_SET',
  'INCIDENT_PLAYBOOK_ACTION_EXECUTED',
  'INCIDENT_ABSORBED',
]);
const fillsWorkflow: ReadonlySet<IncidentEventType> = new Set<IncidentEventType>([
  'INCIDENT_ACKNOWLEDGED',
  'INCIDENT_ROOT_CAUSE_RECORDED',
  'INCIDENT_RESOLVED',
  'INCIDENT_CLOSED',
]);

/**
 * The last guard of the ledger's bounds, for input whose every field is within its own: a ValidationError when an
 * event's body, or the state it makes of `before`, would be too large. Null when all is well.
 */
export function oversize(
  before: IncidentState | null,
  events: readonly IncidentEvent[],
  after: IncidentState | null,
): Refused | null {
  for (const event of events) {
    const limit = large.has(event.type) ? largeBodyLimit : bodyLimit;
    if (2 * textLength(event.payload) + envelopeReserve <= limit) continue;
    const length = JSON.stringify(event).length;
    if (length > limit) {
      return tooLong(`Together the fields are too long: ${length} characters as JSON, ${limit} are allowed.`);
    }
  }
  return after === null ? null : overfull(before, events, after);
}

function overfull(
  before: IncidentState | null,
  events: readonly IncidentEvent[],
  after: IncidentState,
): Refused | null {
  const details = events.some((event) => fillsDetails.has(event.type));
  if (!details && !events.some((event) => fillsWorkflow.has(event.type))) return null;
  const size = stateSize(after);
  if (size <= detailsLimit) return null;
  const grown = before === null ? size : size - stateSize(before);
  if (grown <= alwaysRoomFor && size <= stateLimit) return null;
  const full =
    size > stateLimit - reserved(after) ||
    (details && stateSize({ ...after, ...withoutWorkflow }) > detailsLimit);
  if (!full) return null;
  return tooLong('The incident holds as much as it can. Shorten its texts or lists, or use the notes.');
}

const withoutWorkflow = {
  acknowledgement: null,
  firstAcknowledgement: null,
  rootCause: null,
  resolution: null,
} as const;

/** Room for what is written without asking: the correlation keys of signals to come, and rules that will fire. */
function reserved(state: IncidentState): number {
  const keys = listLimit - state.correlationKeys.length;
  const rules = listLimit - state.firedRules.length;
  return keys * (limits.key + 4) + rules * 150;
}

/** UTF-16 units of a state as JSON, without description and notes. */
export function stateSize(state: IncidentState): number {
  return JSON.stringify({ ...state, description: '', notes: '' }).length;
}

/** The strings in a value, in UTF-16 units, with a little for each value's key and punctuation. */
function textLength(value: unknown): number {
  if (typeof value === 'string') return value.length + 8;
  if (typeof value !== 'object' || value === null) return 8;
  let length = 8;
  for (const part of Object.values(value)) length += textLength(part);
  return length;
}

function tooLong(message: string): Refused {
  return refuseInvalid([{ path: [], message }]);
}
