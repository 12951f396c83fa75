import type { Actor } from '../access/actor.ts';
import { describeAdministration } from '../administration/describe.ts';
import type { AdministrationEvent } from '../administration/events.ts';
import { labelOf } from '../bulkAction/bulkAction.ts';
import { clipText } from '../clipText.ts';
import type { IncidentEvent, IncidentEventOf, IncidentEventPayloads, IncidentEventType } from './events.ts';
import { referenceOf } from './state.ts';
import type { NameKind } from './vocabulary.ts';

/** How ids become words: the ledger keeps no names of people, so they are those of now. */
export interface DescribeNames {
  actor(actor: Actor): string;
  user(userId: string): string;
  /** The reference of an incident, as an event of administration names it. */
  incident(incidentId: string): string;
  name(kind: NameKind, id: string): string;
}

/** An event of either ledger as one sentence for a person. */
export function describeEvent(event: IncidentEvent | AdministrationEvent, names: DescribeNames): string {
  const who = names.actor(event.actor);
  if (!('incident' in event)) return describeAdministration(event, who, names);
  const sentence = sentences[event.type] as Sentence<IncidentEventType> | undefined;
  // A newer instance may have written a type that this one does not know yet.
  if (sentence === undefined) return `${who}: ${event.type}.`;
  return sentence({ who, payload: event.payload, event, names });
}

type Sentence<T extends IncidentEventType> = (said: {
  readonly who: string;
  readonly payload: IncidentEventPayloads[T];
  readonly event: IncidentEventOf<T>;
  readonly names: DescribeNames;
}) => string;

const roleWords = { COMMANDER: 'commander', TECH_LEAD: 'tech lead', COMMS_LEAD: 'comms lead' } as const;
const targetWords = {
  ON_CALL: 'the on-call engineer',
  SUPERVISOR: 'the supervisor',
  DIRECTOR: 'the director',
  SLACK: 'Slack',
} as const;
const slaWords = { ACKNOWLEDGE: 'acknowledge', RESOLVE: 'resolve' } as const;
const becauseWords: Readonly<Record<string, string>> = {
  STALE: 'nothing happened any more',
  CLEARED: 'its signals cleared',
  SILENCE: 'it fell silent',
  SYNCED: 'its source says so',
};
const fieldWords: Readonly<Record<string, string>> = {
  serviceId: 'service',
  projectId: 'project',
  startedAt: 'start of impact',
  endedAt: 'end of impact',
  addedDedupKeys: 'dedup keys',
};

const sentences: { readonly [T in IncidentEventType]: Sentence<T> } = {
  INCIDENT_CREATED: ({ who, payload }) =>
    `${who} declared ${payload.mode === 'DRILL' ? 'a drill of ' : ''}${payload.severity}${said(payload.title)}`,
  INCIDENT_UPDATED: ({ who, payload }) =>
    `${who} edited ${listed(Object.keys(payload.changes).map((field) => fieldWords[field] ?? field))}.`,
  INCIDENT_ACKNOWLEDGED: ({ who, payload }) => `${who} acknowledged the incident${said(payload.note)}`,
  INCIDENT_UNACKNOWLEDGED: ({ who, payload }) =>
    `${who} took the acknowledgement back${said(payload.reason)}`,
  INCIDENT_SNOOZED: ({ who, payload, event }) =>
    payload.until > event.at
      ? `${who} snoozed the incident until ${payload.until}${said(payload.reason)}`
      : `${who} ended the snooze${said(payload.reason)}`,
  INCIDENT_STATUS_CHANGED: ({ who, payload }) =>
    `${who} changed the status from ${payload.from} to ${payload.to}${said(payload.message)}`,
  INCIDENT_SEVERITY_CHANGED: ({ who, payload }) =>
    `${who} changed the severity from ${payload.from} to ${payload.to}${said(payload.reason)}`,
  INCIDENT_ROOT_CAUSE_RECORDED: ({ who, payload }) =>
    `${who} recorded the root cause (${payload.category})${said(payload.summary)}`,
  INCIDENT_ROOT_CAUSE_VERIFIED: ({ who, payload }) => `${who} verified the root cause${said(payload.notes)}`,
  INCIDENT_RESOLVED: ({ who, payload }) => {
    if (!payload.automatic) return `${who} resolved the incident${said(payload.summary)}`;
    const because = payload.because === null ? undefined : becauseWords[payload.because];
    return `${who} resolved the incident automatically${because === undefined ? '' : ` because ${because}`}.`;
  },
  INCIDENT_CLOSED: ({ who, payload }) =>
    payload.noFollowUpsBecause === null
      ? `${who} closed the incident.`
      : `${who} closed the incident without follow-ups${said(payload.noFollowUpsBecause)}`,
  INCIDENT_CANCELLED: ({ who, payload }) => `${who} cancelled the incident${said(payload.reason)}`,
  INCIDENT_REOPENED: ({ who, payload }) => `${who} reopened the incident${said(payload.reason)}`,
  INCIDENT_MERGED: ({ who, payload }) =>
    `${who} merged the incident into ${referenceOf(payload.intoNumber)}${said(payload.reason)}`,
  INCIDENT_ABSORBED: ({ who, payload }) =>
    `${who} merged ${referenceOf(payload.number)} into the incident${said(payload.reason)}`,
  INCIDENT_ASSIGNED: ({ who, payload, names }) => {
    const { assigneeId, ownerTeamId } = payload;
    const to = (id: string | null, name: (id: string) => string) => (id === null ? 'nobody' : name(id));
    const parts = [
      ...(assigneeId === undefined ? [] : [`assigned the incident to ${to(assigneeId, names.user)}`]),
      ...(ownerTeamId === undefined
        ? []
        : [`gave its ownership to ${to(ownerTeamId, (id) => names.name('TEAM', id))}`]),
    ];
    return `${who} ${listed(parts)}.`;
  },
  INCIDENT_ROLE_ASSIGNED: ({ who, payload, names }) =>
    payload.userId === null
      ? `${who} left the incident without a ${roleWords[payload.role]}.`
      : `${who} made ${names.user(payload.userId)} ${roleWords[payload.role]}.`,
  INCIDENT_TAG_ADDED: ({ who, payload }) => `${who} added the tag ${payload.tag}.`,
  INCIDENT_TAG_REMOVED: ({ who, payload }) => `${who} removed the tag ${payload.tag}.`,
  INCIDENT_LINKED_TO_TICKET: ({ who, payload }) => `${who} linked the ticket ${payload.key ?? payload.url}.`,
  INCIDENT_UNLINKED_FROM_TICKET: ({ who, payload }) =>
    `${who} unlinked the ticket ${payload.key ?? payload.url}.`,
  INCIDENT_AFFECTED_SERVICES_SET: ({ who, payload, names }) =>
    payload.services.length === 0
      ? `${who} recorded that no service is affected.`
      : `${who} recorded as affected: ${listed(
          payload.services.map(({ serviceId, impact }) => {
            return `${names.name('SERVICE', serviceId)} (${impact.toLowerCase().replace('_', ' ')})`;
          }),
        )}.`,
  INCIDENT_NOTE_ADDED: ({ who, payload }) => `${who} noted${said(payload.message)}`,
  INCIDENT_NOTES_EDITED: ({ who }) => `${who} edited the ops notes.`,
  INCIDENT_VISIBILITY_CHANGED: ({ who, payload }) =>
    payload.isPublic
      ? `${who} proposed event ${payload.ofSequence} for the status page${said(payload.reason)}`
      : `${who} made event ${payload.ofSequence} internal${said(payload.reason)}`,
  INCIDENT_PLAYBOOK_ACTION_EXECUTED: ({ who, payload }) =>
    `${who} did ${payload.kind.toLowerCase().replaceAll('_', ' ')}${said(payload.label)}`,
  INCIDENT_BULK_ACTION_STARTED: ({ who, payload }) => `${who} began a bulk action: ${labelOf(payload)}.`,
  INCIDENT_BULK_ACTION_CANCELLED: ({ who, payload }) =>
    `${who} cancelled the bulk action${said(payload.reason)}`,
  INCIDENT_BULK_ACTION_FINISHED: ({ payload }) => {
    const { action, source, outcome, succeeded, failed, cancelled } = payload;
    const targetCount = succeeded + failed + cancelled;
    const end = outcome === 'CANCELLED' ? 'was cancelled' : 'is over';
    const left = cancelled === 0 ? '' : `, ${cancelled} were not begun`;
    return `The bulk action ${end}: ${labelOf({ action, source, targetCount })}: ${succeeded} succeeded, ${failed} failed${left}.`;
  },
  INCIDENT_SIGNAL_INGESTED: ({ payload }) =>
    `A signal arrived from ${payload.source}${said(payload.summary)}`,
  INCIDENT_SIGNAL_CLEARED: ({ payload }) =>
    payload.fingerprint === null ? 'A signal cleared.' : `The signal ${payload.fingerprint} cleared.`,
  INCIDENT_SIGNAL_SPLIT: ({ who, payload, names }) =>
    `${who} split a signal off to ${names.incident(payload.newIncidentId)}${said(payload.reason)}`,
  INCIDENT_BURST_GREW: ({ payload }) => {
    const { addedErrors, errorCount, uniqueTargets, source, latestError } = payload;
    const more = addedErrors === 1 ? 'One more run' : `${addedErrors} more runs`;
    const targets = uniqueTargets === 1 ? '1 target' : `${uniqueTargets} targets`;
    return `${more} of ${source} failed, ${errorCount} in all on ${targets}${said(latestError)}`;
  },
  INCIDENT_SYNCED: ({ payload }) => {
    const { source, resolvedAt, errorCount, uniqueTargets, latestError } = payload;
    const errors = errorCount === 1 ? '1 error' : `${errorCount} errors`;
    const targets = uniqueTargets === 1 ? '1 target' : `${uniqueTargets} targets`;
    const how = [
      ...(resolvedAt === null ? [] : ['as resolved']),
      ...(errorCount === null ? [] : [`with ${errors} on ${targets}`]),
    ];
    return `${source} has it${how.length === 0 ? '' : ` ${listed(how)}`}${said(latestError)}`;
  },
  INCIDENT_SLO_VIOLATION_RECORDED: ({ who, payload }) =>
    `${who} recorded a violation of the SLO ${payload.sloId}.`,
  INCIDENT_ESCALATED: ({ who, payload }) => {
    const to = targetWords[payload.target];
    if (payload.reason === 'MANUAL') return `${who} escalated to ${to}${said(payload.note)}`;
    return `Escalated to ${to}: ${reasonWords(payload)}.`;
  },
  INCIDENT_SLA_AT_RISK: ({ payload }) =>
    `The ${slaWords[payload.kind]} SLA is at risk: it is due at ${payload.dueAt}.`,
  INCIDENT_SLA_BREACHED: ({ payload }) =>
    `The ${slaWords[payload.kind]} SLA is breached: it was due at ${payload.dueAt}.`,
  INCIDENT_AUTO_RESOLVE_WARNED: ({ payload }) =>
    `Nothing has happened for a long time: the incident resolves itself at ${payload.resolvesAt} unless something does.`,
};

function reasonWords({
  reason,
  afterMinutes,
  severity,
}: IncidentEventPayloads['INCIDENT_ESCALATED']): string {
  if (reason === 'SEVERITY_RAISED') return `the severity was raised to ${severity}`;
  const what = reason === 'NO_ACK' ? 'nobody acknowledged it' : 'no root cause was recorded';
  return afterMinutes === null ? what : `${what} within ${duration(afterMinutes)}`;
}

function duration(minutes: number): string {
  return minutes >= 60 && minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

/** How much of a text someone wrote fits into a sentence, in UTF-16 units. */
const quoteLimit = 280;

/** What someone wrote, as the rest of the sentence; only its end when they wrote nothing. */
function said(text: string | null): string {
  if (text === null) return '.';
  const flat = text.replace(/\s+/g, ' ').trim();
  const quoted = clipText(flat, quoteLimit);
  return `: ${/[.!?…]$/.test(quoted) ? quoted : `${quoted}.`}`;
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length <= 1 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
