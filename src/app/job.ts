import type { MoreFacts } from '../domain/incident/decision.ts';
import type { Answer, Request } from './answer.ts';

/** A try to commit this job whose outcome is not known: the connection died while it was under way. */
export interface UncertainTry {
  /** Null for administration. */
  readonly incidentId: string | null;
  /** The version it was decided on: its first event, if it was committed, is the one after. */
  readonly base: number;
  readonly error: unknown;
}

/** One request on its way through the queue: the same commandId and incidentId however often it is decided. */
export interface Job {
  readonly request: Request;
  readonly commandId: string;
  /** The id of the incident it declares, if it declares one. */
  readonly newIncidentId: string;
  /** False for signals of connectors and for re-planning: these let people and timers go first. */
  readonly urgent: boolean;
  /** Names, fingerprints and ids its load looks up. */
  readonly lookups: number;
  /** Long text it carries, in UTF-16 units. */
  readonly units: number;
  /** Monotonic milliseconds. */
  readonly queuedAt: number;
  /** Monotonic milliseconds; null while it waits for the first time. */
  takenAt: number | null;
  /** To be decided by itself: a batch it was part of failed in the database. */
  alone: boolean;
  /** What its decision turned out to need beyond what it names; null: nothing so far. */
  more: MoreFacts | null;
  /** Tries that may have been committed, or may be yet; almost always none. */
  uncertain: readonly UncertainTry[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** A job for this request, with the promise of its answer. `newId` makes UUIDs; `queuedAt` is monotonic milliseconds. */
export function jobOf(
  request: Request,
  { queuedAt, newId }: { readonly queuedAt: number; readonly newId: () => string },
): { job: Job; answer: Promise<Answer> } {
  let settle: Pick<Job, 'resolve' | 'reject'> | undefined;
  const answer = new Promise<Answer>((resolve, reject) => {
    settle = { resolve, reject };
  });
  const job: Job = {
    request,
    commandId: newId(),
    newIncidentId: (request.target.by === 'dedupKey' ? request.target.newIncidentId : null) ?? newId(),
    urgent: isUrgent(request),
    ...sizeOf(request),
    queuedAt,
    takenAt: null,
    alone: false,
    more: null,
    uncertain: [],
    // A promise's executor has run by the time its constructor returns.
    ...(settle as unknown as Pick<Job, 'resolve' | 'reject'>),
  };
  return { job, answer };
}

function isUrgent({ command, actor }: Request): boolean {
  if (command.name === 'replanIncident') return false;
  const isSignal =
    command.name === 'receiveSignals' ||
    command.name === 'attachSignal' ||
    command.name === 'reportErrors' ||
    command.name === 'reportRuns' ||
    command.name === 'syncIncidents';
  return !(isSignal && actor.kind === 'INTEGRATION');
}

function sizeOf({ command }: Request): { lookups: number; units: number } {
  switch (command.name) {
    case 'receiveSignals': {
      const { firing, cleared, declare } = command.input;
      let units = declare.description?.length ?? 0;
      for (const { data } of firing) units += data?.json.length ?? 0;
      return { lookups: 4 + 2 * firing.length + cleared.length, units };
    }
    case 'runBulkAction': {
      let units = 0;
      for (const target of command.input.targets) units += target.length;
      return { lookups: 4, units };
    }
    case 'reportRuns':
      return { lookups: 4 + 2 * command.input.runs.length, units: 0 };
    case 'syncIncidents': {
      let units = 0;
      for (const target of command.input.targets) units += target.length;
      return { lookups: 4, units };
    }
    case 'reportErrors': {
      const { errors } = command.input;
      let units = 0;
      for (const { message, data } of errors) units += message.length + (data?.length ?? 0);
      return { lookups: 8 + errors.length, units };
    }
    case 'attachSignal':
      return { lookups: 4, units: command.input.data?.json.length ?? 0 };
    case 'declareIncident':
      return {
        lookups: 4 + (command.input.signalIds?.length ?? 0),
        units: command.input.description?.length ?? 0,
      };
    case 'updateIncident':
      return { lookups: 4, units: command.input.description?.length ?? 0 };
    case 'editIncidentNotes':
      return { lookups: 2, units: command.input.notes.length };
    case 'setAffectedServices':
      return { lookups: 2 + command.input.services.length, units: 0 };
    default:
      return { lookups: 4, units: 0 };
  }
}
