import { isPerson } from '../access/actor.ts';
import { clipText } from '../clipText.ts';
import { InputCheck } from '../inputCheck.ts';
import type { FieldProblem } from '../refusal.ts';
import { refuseField, refuseGate, refuseInvalid, refuseTransition } from '../refuse.ts';
import type { DecideContext } from './decision.ts';
import type { IncidentFact } from './events.ts';
import { limits } from './limits.ts';
import type { IncidentState } from './state.ts';
import { agreed, alreadySo, type FactsOrRefusal, type IncidentVerb } from './verb.ts';
import { type IncidentStatus, isOpen, statuses } from './vocabulary.ts';

/** Statuses that have a mutation of their own, because they need more than a status. */
const ownMutation: Partial<Record<IncidentStatus, string>> = {
  RESOLVED: 'resolveIncident',
  CLOSED: 'closeIncident',
  CANCELLED: 'cancelIncident',
};

/** Statuses this command moves to; ACKNOWLEDGED only from REPORTED. */
const working: readonly IncidentStatus[] = ['INVESTIGATING', 'IDENTIFIED', 'MITIGATED'];

/**
 * Moves an incident among the statuses of work. A REPORTED one is acknowledged in the same commit. IDENTIFIED needs a
 * root cause; a move back from IDENTIFIED or MITIGATED needs a message.
 */
export const changeStatus: IncidentVerb<'changeIncidentStatus'> = (input, state, context) => {
  const check = new InputCheck();
  const message = check.optionalText('message', input.message, limits.message);
  const to = input.status;
  const mutation = ownMutation[to];
  if (mutation !== undefined) check.note('status', `Use ${mutation} to make an incident ${to}.`);
  if (check.refusal !== null) return check.refusal;
  if (!isOpen(state.status)) return refuseTransition(state, `making it ${to}`);
  if (to === state.status) return alreadySo;
  const isPublic = input.isPublic ?? false;
  if (to === 'ACKNOWLEDGED' && state.status === 'REPORTED') {
    const problem = noteProblem(message, context) ?? lengthProblem(message);
    return problem === null ? agreed(acknowledgement(state, message, isPublic)) : refuseInvalid([problem]);
  }
  if (!working.includes(to)) return refuseTransition(state, `making it ${to} again`);
  return move(state, to, { message, isPublic }, context);
};

function move(
  state: IncidentState,
  to: IncidentStatus,
  { message, isPublic }: { readonly message: string | null; readonly isPublic: boolean },
  context: DecideContext,
): FactsOrRefusal {
  const back = statuses.indexOf(to) < statuses.indexOf(state.status);
  if (back && message === null) {
    return refuseField(['message'], `Say why it goes back from ${state.status} to ${to}.`);
  }
  const acknowledges = state.status === 'REPORTED';
  const problem = acknowledges ? noteProblem(message, context) : null;
  if (problem !== null) return refuseInvalid([problem]);
  if (to === 'IDENTIFIED' && state.rootCause === null) {
    return refuseGate(state, 'it can be IDENTIFIED', ['ROOT_CAUSE']);
  }
  const from = acknowledges ? 'ACKNOWLEDGED' : state.status;
  const changed: IncidentFact = {
    type: 'INCIDENT_STATUS_CHANGED',
    payload: { from, to, message },
    isPublic,
  };
  if (!acknowledges) return agreed(changed);
  const note = context.policy.acknowledgeNoteRequired ? message : null;
  return agreed(acknowledgement(state, note, false), changed);
}

/** The note holds less than a message; the timeline has the whole of it beside. */
function acknowledgement(state: IncidentState, note: string | null, isPublic: boolean): IncidentFact {
  const clipped = note === null ? null : clipText(note, limits.reason);
  return { type: 'INCIDENT_ACKNOWLEDGED', payload: { note: clipped, severity: state.severity }, isPublic };
}

function noteProblem(message: string | null, { policy, actor }: DecideContext): FieldProblem | null {
  if (message !== null || !policy.acknowledgeNoteRequired || !isPerson(actor)) return null;
  return {
    path: ['message'],
    message:
      'This acknowledges the incident, and your organization asks for a note with every acknowledgement.',
  };
}

/** Nothing but the note of the acknowledgement keeps this message, and a note holds less. */
function lengthProblem(message: string | null): FieldProblem | null {
  if (message === null || message.length <= limits.reason) return null;
  return {
    path: ['message'],
    message: `It becomes the note of the acknowledgement, of at most ${limits.reason} characters; these are ${message.length}.`,
  };
}
