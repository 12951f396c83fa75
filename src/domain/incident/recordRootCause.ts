import { InputCheck } from '../inputCheck.ts';
import { refuseGate, refuseTransition } from '../refuse.ts';
import { missingBeforeRootCause } from './gates.ts';
import { limits } from './limits.ts';
import { isFinal } from './transitions.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/** Records what caused it. A second root cause supersedes the first, which stays in the ledger. */
export const recordRootCause: IncidentVerb<'recordRootCause'> = (input, state, context) => {
  const check = new InputCheck();
  const summary = check.text('summary', input.summary, limits.summary);
  const remediationSteps = check.text('remediationSteps', input.remediationSteps, limits.remediationSteps);
  if (check.refusal !== null) return check.refusal;
  if (isFinal(state.status)) return refuseTransition(state, 'recording a root cause');
  const missing = missingBeforeRootCause(state, context.policy);
  if (missing.length > 0) return refuseGate(state, 'a root cause is recorded', missing);
  const { category } = input;
  const known = state.rootCause;
  const same =
    known !== null &&
    known.summary === summary &&
    known.category === category &&
    known.remediationSteps === remediationSteps;
  if (same) return alreadySo;
  return agreed({ type: 'INCIDENT_ROOT_CAUSE_RECORDED', payload: { summary, category, remediationSteps } });
};
