import { type Actor, isPerson } from '../access/actor.ts';
import type { Policy } from '../policy/policy.ts';
import type { IncidentState } from './state.ts';
import type { IncidentSeverity, WorkflowGate } from './vocabulary.ts';

/** What holds where no rule of the policy speaks of a gate. Source: rules.md, Status. */
const requiredUnlessSaid: Readonly<Record<WorkflowGate, boolean>> = {
  ACKNOWLEDGEMENT: true,
  ROOT_CAUSE: true,
  ROOT_CAUSE_VERIFIED: false,
  LESSONS_LEARNED: true,
  FOLLOW_UPS: true,
};

/** Whether the policy requires this step at this severity: the last rule that names both wins. */
export function isGateRequired(
  policy: Pick<Policy, 'workflowGates'>,
  gate: WorkflowGate,
  severity: IncidentSeverity,
): boolean {
  const rule = policy.workflowGates.findLast(
    (candidate) =>
      candidate.gate === gate && (candidate.severities === null || candidate.severities.includes(severity)),
  );
  return rule?.required ?? requiredUnlessSaid[gate];
}

/** What is missing before a root cause may be recorded. */
export function missingBeforeRootCause(state: IncidentState, policy: Policy): readonly WorkflowGate[] {
  return unmet(state, policy, ['ACKNOWLEDGEMENT']);
}

/** What is missing before this actor may resolve: nothing ever for the scheduler and integrations. */
export function missingBeforeResolve(
  state: IncidentState,
  policy: Policy,
  actor: Actor,
): readonly WorkflowGate[] {
  if (!isPerson(actor)) return [];
  return unmet(state, policy, ['ACKNOWLEDGEMENT', 'ROOT_CAUSE', 'ROOT_CAUSE_VERIFIED']);
}

/** What closing adds to what the resolution already says. */
export interface Closing {
  readonly lessonsLearned: string | null;
  readonly followUps: readonly unknown[];
  readonly noFollowUpsBecause: string | null;
}

/** What is missing before anyone may close: nobody passes this gate. */
export function missingBeforeClose(
  state: IncidentState,
  policy: Policy,
  closing: Closing,
): readonly WorkflowGate[] {
  const { resolution } = state;
  const has: Partial<Record<WorkflowGate, boolean>> = {
    LESSONS_LEARNED: (closing.lessonsLearned ?? resolution?.lessonsLearned ?? null) !== null,
    FOLLOW_UPS:
      closing.noFollowUpsBecause !== null ||
      closing.followUps.length > 0 ||
      (resolution?.followUps.length ?? 0) > 0,
  };
  const gates: readonly WorkflowGate[] = ['LESSONS_LEARNED', 'FOLLOW_UPS'];
  return gates.filter((gate) => !has[gate] && isGateRequired(policy, gate, state.severity));
}

function unmet(
  state: IncidentState,
  policy: Policy,
  gates: readonly WorkflowGate[],
): readonly WorkflowGate[] {
  const has: Partial<Record<WorkflowGate, boolean>> = {
    ACKNOWLEDGEMENT: state.acknowledgement !== null,
    ROOT_CAUSE: state.rootCause !== null,
    ROOT_CAUSE_VERIFIED: state.rootCause?.verifiedAt != null,
  };
  return gates.filter((gate) => !has[gate] && isGateRequired(policy, gate, state.severity));
}
