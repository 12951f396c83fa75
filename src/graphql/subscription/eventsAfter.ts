import { GraphQLError } from 'graphql';
import type { IncidentSeverity } from '../../domain/incident/vocabulary.ts';
import type { LedgerEventType } from '../../domain/ledger/ledger.ts';
import type { FeedEntry } from '../../feed/entry.ts';
import type { EverySource } from '../../feed/source.ts';
import { badUserInput } from '../badUserInput.ts';
import type { GraphQLContext } from '../context.ts';
import type { IncidentEventSource } from '../event/eventSource.ts';
import { idOf } from '../globalId.ts';
import { type ShownEventType, shownType } from '../ledger/ledgerEventType.ts';

/** What subscriptions to events are asked for. */
export interface EventsArguments {
  /** The last sequence already seen; from now when absent. */
  readonly after?: number | null | undefined;
  readonly filter?: EventFilterArguments | null | undefined;
}

interface EventFilterArguments {
  readonly incidentId?: string | null | undefined;
  readonly types?: readonly ShownEventType[] | null | undefined;
  readonly severity?: readonly IncidentSeverity[] | null | undefined;
  readonly publicOnly?: boolean | null | undefined;
}

/** What an incident that is not there, or not yours, reads as before a stream begins. */
function noSuchIncident(): GraphQLError {
  return new GraphQLError('There is no such incident in your organization.', {
    extensions: { code: 'NOT_FOUND' },
  });
}

/**
 * The id inside the client's, of an incident of this organization.
 * @throws GraphQLError NOT_FOUND when there is none, whether it is malformed, absent or of someone else.
 */
export async function incidentIdHere(globalId: string, context: GraphQLContext): Promise<string> {
  const id = idOf('Incident', globalId);
  if (id === null || (await context.loaders.incident.load(id)) === null) throw noSuchIncident();
  return id;
}

/**
 * The events of the incidents ledger that fit the filter, from the cursor on, each exactly once and in order.
 * `only` narrows them to one type. Refused before the stream begins.
 * A cursor beyond the head is `live`'s to refuse.
 * @throws GraphQLError NOT_FOUND or BAD_USER_INPUT.
 */
export async function eventsAfter(
  { after, filter }: EventsArguments,
  context: GraphQLContext,
  only: LedgerEventType | null = null,
): Promise<EverySource> {
  if (after != null && after < 0) throw badUserInput('after must be a sequence, 0 or more.');
  const incidentId = filter?.incidentId == null ? null : await incidentIdHere(filter.incidentId, context);
  const types = filter?.types == null ? null : new Set<ShownEventType>(filter.types);
  const severities = filter?.severity == null ? null : new Set<IncidentSeverity | null>(filter.severity);
  const publicOnly = filter?.publicOnly === true;
  const match = ({ entry }: FeedEntry): boolean =>
    entry.ledger === 'INCIDENTS' &&
    (only === null || entry.type === only) &&
    (incidentId === null || entry.incidentId === incidentId) &&
    (types === null || types.has(shownType(entry.type))) &&
    (severities === null || severities.has(entry.severity)) &&
    (!publicOnly || entry.isPublic);
  return { mode: 'every', ledger: 'INCIDENTS', after: after ?? null, match };
}

/** What is followed, as the event types take it: with the incident right after it when that is at hand. */
export function incidentEventOf({ entry, after }: FeedEntry): IncidentEventSource {
  if (entry.ledger !== 'INCIDENTS')
    throw new Error('An entry of the administration ledger came with incidents.');
  return { entry, after };
}
