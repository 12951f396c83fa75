import { severityOfOpsgeniePriority } from '../domain/detection/severityReading.ts';
import type { IncidentCommand } from '../domain/incident/commands.ts';
import { limits } from '../domain/incident/limits.ts';
import type { IncidentState } from '../domain/incident/state.ts';
import type { EscalationTargetKind } from '../domain/incident/vocabulary.ts';
import { clip, clipOrNull } from './clip.ts';
import { FieldReader, isJsonObject, type JsonObject } from './fieldReader.ts';
import { detailsOf, type FieldErrors, filled, priorityError, tagsOf } from './opsgenie.ts';
import { severityIn } from './severityIn.ts';
import { textOf } from './textOf.ts';
import type { TranslationContext } from './translation.ts';

/** What an action is decided on. */
export interface ActionRequest {
  readonly body: JsonObject;
  readonly query: URLSearchParams;
  readonly state: IncidentState;
  /** The dedup key by which the incident is this alert. */
  readonly dedupKey: string;
  /** The member whom the body names as owner; null when it names none, or none is there. */
  readonly owner: string | null;
  readonly context: TranslationContext;
}

/** One action on an alert that exists. */
export interface OpsgenieAction {
  /** What Opsgenie calls it in the status of a request, and what it says when it is done. */
  readonly name: string;
  readonly done: string;
  /** What is wrong with the body; null when nothing is. */
  readonly errors: (body: JsonObject, query: URLSearchParams) => FieldErrors | null;
  /** Carried out in this order, the note that comes with it last; or why it cannot be, in a sentence. */
  readonly commands: (request: ActionRequest) => readonly IncidentCommand[] | string;
}

const noErrors = (): null => null;

/** Method and what follows the alert in the path → what it does. Source: https://docs.opsgenie.com/docs/alert-api */
export const opsgenieActions: Readonly<Record<string, OpsgenieAction>> = {
  'POST close': {
    name: 'Close',
    done: 'Closed alert',
    errors: noErrors,
    commands: (request) => [over(request), ...noteWith(request.body, 'Closed')],
  },
  // Nothing is ever deleted here: what is gone over there is over here.
  'DELETE ': {
    name: 'Delete',
    done: 'Closed alert',
    errors: noErrors,
    commands: (request) => [over(request)],
  },
  'POST acknowledge': {
    name: 'Acknowledge',
    done: 'Acknowledged alert',
    errors: noErrors,
    commands: ({ body }) => [
      { name: 'acknowledgeIncident', input: { note: reasonOf(body, 'Acknowledged') } },
    ],
  },
  'POST unacknowledge': {
    name: 'UnAcknowledge',
    done: 'Unacknowledged alert',
    errors: noErrors,
    commands: ({ body }) => [
      { name: 'unacknowledgeIncident', input: { reason: reasonOf(body, 'Unacknowledged') } },
    ],
  },
  'POST notes': {
    name: 'AddNote',
    done: 'Added note to alert',
    errors: ({ note }) => (filled(note) === null ? { note: 'Note can not be empty.' } : null),
    commands: ({ body }) => [noted(saidBy(body, String(body.note)))],
  },
  'POST snooze': {
    name: 'Snooze',
    done: 'Snoozed alert',
    errors: ({ endTime }) => (instantOf(endTime) === null ? { endTime: endTimeExpected } : null),
    commands: ({ body }) => [
      {
        name: 'snoozeIncident',
        input: { until: instantOf(body.endTime) ?? '', reason: reasonOf(body, 'Snoozed') },
      },
    ],
  },
  'POST assign': {
    name: 'AssignOwnership',
    done: 'Assigned alert',
    errors: ({ owner }) => (ownerOf(owner) === null ? { owner: 'id or username should be provided' } : null),
    commands: ({ body, owner }) =>
      owner === null
        ? 'Owner is not a member'
        : [{ name: 'assignIncident', input: { userId: owner } }, ...noteWith(body, 'Assigned')],
  },
  'POST escalate': {
    name: 'EscalateToNext',
    done: 'Escalated alert',
    errors: ({ escalation }) =>
      ownerOf(escalation) === null && ownerOf(escalation, 'name') === null
        ? { escalation: 'id or name should be provided' }
        : null,
    commands: ({ body, state }) => [
      {
        name: 'escalateIncident',
        input: { target: escalationTarget(body, state), note: reasonOf(body, 'Escalated') },
      },
    ],
  },
  'POST tags': {
    name: 'AddTags',
    done: 'Added tags to alert',
    errors: ({ tags }) => (tagsOf(tags).length === 0 ? { tags: 'Tags can not be empty.' } : null),
    commands: ({ body }) => [
      ...tagsOf(body.tags).map((tag) => ({ name: 'addIncidentTag', input: { tag } }) as const),
      ...noteWith(body, 'Tagged'),
    ],
  },
  'DELETE tags': {
    name: 'RemoveTags',
    done: 'Removed tags from alert',
    errors: (_body, query) => (queryTags(query).length === 0 ? { tags: 'Tags can not be empty.' } : null),
    commands: ({ query }) =>
      queryTags(query).map((tag) => ({ name: 'removeIncidentTag', input: { tag } }) as const),
  },
  'POST details': {
    name: 'AddDetails',
    done: 'Added details to alert',
    errors: (body) =>
      Object.keys(detailsOf(body)).length === 0 ? { details: 'Details can not be empty.' } : null,
    commands: ({ body }) => {
      const pairs = Object.entries(detailsOf(body)).map(([name, value]) => `${name}=${textOf(value)}`);
      return [noted(saidBy(body, `Details: ${pairs.join(', ')}`)), ...noteWith(body, 'Details')];
    },
  },
  'PUT priority': {
    name: 'UpdatePriority',
    done: 'Updated alert priority',
    errors: ({ priority }) => priorityError(priority, true),
    commands: ({ body, context }) => [
      {
        name: 'changeIncidentSeverity',
        input: {
          severity: severityIn(context, filled(body.priority), severityOfOpsgeniePriority),
          reason: `Its priority became ${filled(body.priority)?.toUpperCase()}.`,
        },
      },
    ],
  },
  'PUT message': {
    name: 'UpdateMessage',
    done: 'Updated alert message',
    errors: ({ message }) => (filled(message) === null ? { message: 'Message can not be empty.' } : null),
    // The title is people's to edit by now: what changes over there is told, not written over theirs.
    commands: ({ body, state }) =>
      clip(String(body.message), limits.title) === state.title
        ? []
        : [noted(`Message: ${String(body.message)}`)],
  },
  'PUT description': {
    name: 'UpdateDescription',
    done: 'Updated alert description',
    errors: ({ description }) =>
      filled(description) === null ? { description: 'Description can not be empty.' } : null,
    commands: ({ body }) => [noted(`Description: ${String(body.description)}`)],
  },
};

const endTimeExpected = 'End time should be an ISO 8601 date, e.g. 2026-01-31T12:00:00Z';

function instantOf(value: unknown): string | null {
  const reader = new FieldReader();
  const instant = reader.instant([], value);
  return reader.problems.length > 0 ? null : instant;
}

function queryTags(query: URLSearchParams): readonly string[] {
  return tagsOf((query.get('tags') ?? '').split(','));
}

/** Whom the body names: an id, or the address people sign in with. */
export function ownerOf(owner: unknown, field: 'username' | 'name' = 'username'): string | null {
  if (!isJsonObject(owner)) return null;
  return clipOrNull(owner.id, limits.reference) ?? clipOrNull(owner[field], limits.reference);
}

/** What is over: its signals clear, and it resolves where the policy lets a connector do so. */
function over({ dedupKey, state }: ActionRequest): IncidentCommand {
  const { title, severity, source } = state;
  const declare = { title, severity, source };
  return {
    name: 'receiveSignals',
    input: { dedupKey, declare, firing: [], cleared: [], severity: null, resolve: true },
  };
}

function noted(message: string): IncidentCommand {
  return { name: 'addIncidentNote', input: { message: clip(message, limits.message) } };
}

/** The note that comes with another action, as one of its own. */
function noteWith(body: JsonObject, what: string): readonly IncidentCommand[] {
  return filled(body.note) === null ? [] : [noted(saidBy(body, `${what}: ${String(body.note)}`))];
}

/** A text with whoever said it, if the sender says who. */
function saidBy(body: JsonObject, text: string): string {
  const user = clipOrNull(body.user, limits.name);
  return user === null ? text : `${user}: ${text}`;
}

/** The note, else who did it; null when neither is given. */
function reasonOf(body: JsonObject, what: string): string | null {
  const note = filled(body.note);
  if (note !== null) return clip(saidBy(body, note), limits.reason);
  const user = clipOrNull(body.user, limits.name);
  return user === null ? null : clip(`${what} by ${user}.`, limits.reason);
}

const targets: ReadonlyMap<string, EscalationTargetKind> = new Map([
  ['oncall', 'ON_CALL'],
  ['supervisor', 'SUPERVISOR'],
  ['director', 'DIRECTOR'],
  ['slack', 'SLACK'],
]);

/** Whom an escalation of this name is for: a target of ours so called, else whoever comes next above the last one. */
function escalationTarget(
  { escalation }: JsonObject,
  { escalationLevel }: IncidentState,
): EscalationTargetKind {
  const name = ownerOf(escalation, 'name') ?? '';
  const named = targets.get(name.toLowerCase().replace(/[^a-z]/g, ''));
  if (named !== undefined) return named;
  if (escalationLevel === 0) return 'ON_CALL';
  return escalationLevel === 1 ? 'SUPERVISOR' : 'DIRECTOR';
}
