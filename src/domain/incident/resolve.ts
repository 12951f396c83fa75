import { InputCheck } from '../inputCheck.ts';
import { refuseGate, refuseTransition } from '../refuse.ts';
import { missingBeforeResolve } from './gates.ts';
import { limits } from './limits.ts';
import { isMachine } from './transitions.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';
import { isOpen } from './vocabulary.ts';

/**
 * Resolves an open incident. A person passes the gates of the policy first; the scheduler and integrations go past
 * them, marked automatic, an integration only where policy `resolveOnClear` says so and nothing is firing.
 */
export const resolve: IncidentVerb<'resolveIncident'> = (input, state, context) => {
  const check = new InputCheck();
  const { resolutionText } = limits;
  const fields = {
    summary: check.text('summary', input.summary, limits.summary),
    notes: check.optionalText('notes', input.notes, resolutionText),
    impactAssessment: check.optionalText('impactAssessment', input.impactAssessment, resolutionText),
    lessonsLearned: check.optionalText('lessonsLearned', input.lessonsLearned, resolutionText),
  };
  const followUps = check.texts('followUps', input.followUps, limits.followUp);
  if (check.refusal !== null) return check.refusal;
  const { actor, policy } = context;
  const automatic = isMachine(actor);
  if (automatic && (state.status === 'RESOLVED' || state.status === 'CLOSED')) return alreadySo;
  if (!isOpen(state.status)) return refuseTransition(state, 'resolving it');
  if (actor.kind === 'INTEGRATION') {
    const allowed = policy.autoResolve.resolveOnClear.includes(state.severity);
    if (!allowed || state.openSignalCount > 0) return alreadySo;
  }
  const missing = missingBeforeResolve(state, policy, actor);
  if (missing.length > 0) return refuseGate(state, 'it is resolved', missing);
  return agreed({
    type: 'INCIDENT_RESOLVED',
    payload: {
      ...fields,
      followUps: followUps.map((description) => ({ id: context.newId(), description })),
      automatic,
      because: actor.kind === 'INTEGRATION' ? 'CLEARED' : null,
    },
  });
};
