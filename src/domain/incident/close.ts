import { InputCheck } from '../inputCheck.ts';
import { refuseGate, refuseTransition } from '../refuse.ts';
import { missingBeforeClose } from './gates.ts';
import { limits } from './limits.ts';
import { listLimit } from './state.ts';
import { isMachine } from './transitions.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/** Closes a resolved incident once its lessons and follow-ups are recorded; nobody passes this gate. */
export const close: IncidentVerb<'closeIncident'> = (input, state, context) => {
  const check = new InputCheck();
  const lessonsLearned = check.optionalText('lessonsLearned', input.lessonsLearned, limits.resolutionText);
  const descriptions = check.texts('followUps', input.followUps, limits.followUp);
  const noFollowUpsBecause = check.optionalText(
    'noFollowUpsBecause',
    input.noFollowUpsBecause,
    limits.reason,
  );
  const recorded = state.resolution?.followUps.length ?? 0;
  const total = recorded + descriptions.length;
  if (total > listLimit) {
    check.note(
      'followUps',
      `With those of the resolution there are ${total}; at most ${listLimit} are allowed.`,
    );
  }
  if (noFollowUpsBecause !== null && state.status === 'RESOLVED' && total > 0) {
    check.note(
      'noFollowUpsBecause',
      'There are follow-ups; give either those or the reason for having none.',
    );
  }
  if (check.refusal !== null) return check.refusal;
  if (state.status === 'CLOSED' && isMachine(context.actor)) return alreadySo;
  if (state.status !== 'RESOLVED') return refuseTransition(state, 'closing it');
  const closing = { lessonsLearned, followUps: descriptions, noFollowUpsBecause };
  const missing = missingBeforeClose(state, context.policy, closing);
  if (missing.length > 0) return refuseGate(state, 'it is closed', missing);
  const followUps = descriptions.map((description) => ({ id: context.newId(), description }));
  return agreed({ type: 'INCIDENT_CLOSED', payload: { lessonsLearned, followUps, noFollowUpsBecause } });
};
