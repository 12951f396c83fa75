import type { AlertDetails } from '../app/alertBook.ts';
import type { IncidentState } from '../domain/incident/state.ts';
import { isOpen } from '../domain/incident/vocabulary.ts';
import type { Instant } from '../domain/instant.ts';
import { isJsonObject, type JsonObject } from './fieldReader.ts';
import type { FoundAlert } from './findOpsgenieAlert.ts';
import { detailsOf, filled, tagsOf } from './opsgenie.ts';

const priorities = { SEV1: 'P1', SEV2: 'P2', SEV3: 'P3', SEV4: 'P4' } as const;

/** What an alert is shown with. */
export interface ShownAlert {
  readonly alert: FoundAlert;
  readonly details: AlertDetails;
  readonly apiKeyId: string;
  readonly now: Instant;
}

/** An alert as Opsgenie shows it: what was sent first, and how its incident is now. */
export function opsgenieAlert({ alert, details, apiKeyId, now }: ShownAlert): JsonObject {
  const { state, number } = alert.record;
  const isSnoozed = state.snoozedUntil !== null && state.snoozedUntil > now;
  const sent = sentOf(details.sent);
  return {
    id: state.id,
    tinyId: String(number),
    alias: aliasOf(details, alert),
    message: filled(sent.message) ?? state.title,
    status: isOpen(state.status) && state.openSignalCount > 0 ? 'open' : 'closed',
    acknowledged: state.acknowledgement !== null,
    isSeen: state.firstAcknowledgement !== null,
    tags: state.tags.length > 0 ? state.tags : tagsOf(sent.tags),
    snoozed: isSnoozed,
    ...(isSnoozed ? { snoozedUntil: state.snoozedUntil } : null),
    count: details.count,
    lastOccurredAt: details.lastOccurredAt,
    createdAt: state.reportedAt,
    updatedAt: state.updatedAt,
    source: filled(sent.source) ?? '',
    owner: state.assigneeId ?? '',
    priority: priorities[state.severity],
    responders: [],
    integration: { id: apiKeyId, name: 'Warroom', type: 'API' },
    report: reportOf(state),
    actions: [],
    entity: filled(sent.entity) ?? '',
    description: filled(sent.description) ?? '',
    details: detailsOf(sent),
  };
}

/** The alias an alert was sent with. */
export function aliasOf({ sent }: AlertDetails, { aliasInKey }: FoundAlert): string {
  return filled(sentOf(sent).alias) ?? aliasInKey;
}

function sentOf(sent: string | null): JsonObject {
  const value: unknown = sent === null ? null : JSON.parse(sent);
  return isJsonObject(value) ? value : {};
}

/** Milliseconds until it was first acknowledged, and until it was over. */
function reportOf(state: IncidentState): JsonObject {
  const since = (at: Instant | null | undefined): number | undefined =>
    at == null ? undefined : Math.max(0, Date.parse(at) - Date.parse(state.reportedAt));
  return { ackTime: since(state.firstAcknowledgement?.at), closeTime: since(state.resolvedAt) };
}
