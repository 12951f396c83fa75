import type { ApiKeyScope, MemberRole } from './access/actor.ts';
import type { Refused } from './incident/decision.ts';
import { type IncidentState, referenceOf } from './incident/state.ts';
import { allowedFrom } from './incident/transitions.ts';
import type { WorkflowGate } from './incident/vocabulary.ts';
import type { FieldProblem } from './refusal.ts';

/** Nothing of that id is in the organization; the same words for what is absent and what is someone else's. */
export function refuseNotFound(message: string): Refused {
  return { ok: false, refusal: { kind: 'NotFoundError', code: 'NOT_FOUND', message } };
}

/** The role or the scopes do not allow it; what would is named. */
export function refuseForbidden(
  message: string,
  required: { readonly role?: MemberRole; readonly scope?: ApiKeyScope },
): Refused {
  return {
    ok: false,
    refusal: {
      kind: 'ForbiddenError',
      code: 'FORBIDDEN',
      message,
      requiredRole: required.role ?? null,
      requiredScope: required.scope ?? null,
    },
  };
}

/** The input is not acceptable: every field that is not, not only the first. */
export function refuseInvalid(fields: readonly FieldProblem[]): Refused {
  const [first, ...others] = fields;
  const message =
    first === undefined
      ? 'The input is not acceptable.'
      : others.length === 0
        ? `${first.path.join('.')}: ${first.message}`
        : `${fields.length} fields are not acceptable; the first is ${first.path.join('.')}: ${first.message}`;
  return { ok: false, refusal: { kind: 'ValidationError', code: 'VALIDATION_FAILED', message, fields } };
}

/** One field is not acceptable. */
export function refuseField(path: readonly string[], message: string): Refused {
  return refuseInvalid([{ path, message }]);
}

/** Someone changed it since; `currentVersion` is what to expect next time. */
export function refuseConflict(message: string, currentVersion: number): Refused {
  return { ok: false, refusal: { kind: 'ConflictError', code: 'CONFLICT', message, currentVersion } };
}

/** The status does not allow `what`; the current status and those that can follow it are named. */
export function refuseTransition(state: IncidentState, what: string): Refused {
  const allowedStatuses = allowedFrom(state.status);
  const next =
    allowedStatuses.length === 0 ? nothingFollows(state) : `It can become ${allowedStatuses.join(', ')}.`;
  return {
    ok: false,
    refusal: {
      kind: 'InvalidTransitionError',
      code: 'INVALID_TRANSITION',
      message: `The incident is ${state.status}: ${what} is not possible. ${next}`,
      status: state.status,
      allowedStatuses,
      actor: null,
      at: null,
    },
  };
}

/** Another incident cannot become part of this one, whose status is named, and where it went if it was merged itself. */
export function refuseWinner(winner: IncidentState): Refused {
  const where =
    winner.mergedInto === null ? '' : ` It was merged into ${referenceOf(winner.mergedInto.number)}.`;
  return {
    ok: false,
    refusal: {
      kind: 'InvalidTransitionError',
      code: 'INVALID_TRANSITION',
      message: `The incident to merge into is ${winner.status}, and only an open one can take another.${where}`,
      status: winner.status,
      allowedStatuses: allowedFrom(winner.status),
      actor: null,
      at: null,
    },
  };
}

function nothingFollows({ mergedInto }: IncidentState): string {
  return mergedInto === null
    ? 'Nothing can follow it.'
    : `It was merged into ${referenceOf(mergedInto.number)}: go on there.`;
}

/** Someone else acknowledged it already: who and when. */
export function refuseAlreadyAcknowledged(
  state: IncidentState & { readonly acknowledgement: NonNullable<IncidentState['acknowledgement']> },
): Refused {
  return {
    ok: false,
    refusal: {
      kind: 'InvalidTransitionError',
      code: 'ALREADY_ACKNOWLEDGED',
      message: `Someone else acknowledged the incident at ${state.acknowledgement.at}.`,
      status: state.status,
      allowedStatuses: allowedFrom(state.status),
      actor: state.acknowledgement.actor,
      at: state.acknowledgement.at,
    },
  };
}

const gateWords: Readonly<Record<WorkflowGate, string>> = {
  ACKNOWLEDGEMENT: 'an acknowledgement',
  ROOT_CAUSE: 'a root cause',
  ROOT_CAUSE_VERIFIED: 'a verified root cause',
  LESSONS_LEARNED: 'lessons learned',
  FOLLOW_UPS: 'follow-ups, or why there are none',
};

/** Steps of the workflow are missing; all of them are named. */
export function refuseGate(state: IncidentState, what: string, missing: readonly WorkflowGate[]): Refused {
  return {
    ok: false,
    refusal: {
      kind: 'WorkflowGateError',
      code: 'WORKFLOW_GATE_UNMET',
      message: `Before ${what}, the incident needs ${missing.map((gate) => gateWords[gate]).join(' and ')}.`,
      status: state.status,
      missing,
    },
  };
}
