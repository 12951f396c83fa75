import type { Instant } from '../instant.ts';
import type { DeadlineKind, EscalationReason, EscalationTargetKind } from './vocabulary.ts';

/** The most deadlines an incident has at once. */
export const deadlineLimit = 16;

/** An instant at which something happens to an incident by itself. (kind, key) is unique within the incident. */
export interface Deadline {
  readonly kind: DeadlineKind;
  /** The rule's name for ESCALATION; empty otherwise. */
  readonly key: string;
  readonly dueAt: Instant;
  /** For ESCALATION: what will be written. */
  readonly escalation: {
    readonly reason: EscalationReason;
    readonly afterMinutes: number;
    readonly level: number;
    readonly target: EscalationTargetKind;
    readonly base: Instant;
  } | null;
}
