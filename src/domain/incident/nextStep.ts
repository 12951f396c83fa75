import type { Policy } from '../policy/policy.ts';
import { isGateRequired, missingBeforeClose } from './gates.ts';
import type { IncidentState } from './state.ts';
import { isFinal } from './transitions.ts';
import type { WorkflowStep } from './vocabulary.ts';

const nothingAdded = { lessonsLearned: null, followUps: [], noFollowUpsBecause: null };

/**
 * What the workflow asks a person to do next, or null when it asks nothing more. An incident that resolved itself
 * before anyone acknowledged it still asks for that first.
 */
export function nextStep(state: IncidentState, policy: Policy): WorkflowStep | null {
  if (isFinal(state.status)) return null;
  if (state.acknowledgement === null) return 'ACKNOWLEDGE';
  if (state.status === 'RESOLVED') {
    return missingBeforeClose(state, policy, nothingAdded).length > 0 ? 'RECORD_LESSONS' : 'CLOSE';
  }
  const mustVerify = isGateRequired(policy, 'ROOT_CAUSE_VERIFIED', state.severity);
  if (state.rootCause === null) {
    return mustVerify || isGateRequired(policy, 'ROOT_CAUSE', state.severity)
      ? 'RECORD_ROOT_CAUSE'
      : 'RESOLVE';
  }
  return mustVerify && state.rootCause.verifiedAt === null ? 'VERIFY_ROOT_CAUSE' : 'RESOLVE';
}
