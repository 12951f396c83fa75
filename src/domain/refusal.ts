import type { Actor, ApiKeyScope, MemberRole } from './access/actor.ts';
import type { IncidentStatus, WorkflowGate } from './incident/vocabulary.ts';
import type { Instant } from './instant.ts';

/** One input field that is not acceptable; `path` leads to it inside `input`, e.g. `['followUps', '2']`. */
export interface FieldProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** An expected "no". Data, never thrown: each kind is one GraphQL error type of the same name. */
export type Refusal =
  | { readonly kind: 'NotFoundError'; readonly code: 'NOT_FOUND'; readonly message: string }
  | {
      readonly kind: 'ForbiddenError';
      readonly code: 'FORBIDDEN';
      readonly message: string;
      readonly requiredRole: MemberRole | null;
      readonly requiredScope: ApiKeyScope | null;
    }
  | {
      readonly kind: 'ValidationError';
      readonly code: 'VALIDATION_FAILED';
      readonly message: string;
      readonly fields: readonly FieldProblem[];
    }
  | {
      readonly kind: 'ConflictError';
      readonly code: 'CONFLICT';
      readonly message: string;
      readonly currentVersion: number;
    }
  | {
      readonly kind: 'InvalidTransitionError';
      readonly code: 'INVALID_TRANSITION' | 'ALREADY_ACKNOWLEDGED';
      readonly message: string;
      readonly status: IncidentStatus;
      readonly allowedStatuses: readonly IncidentStatus[];
      readonly actor: Actor | null;
      readonly at: Instant | null;
    }
  | {
      readonly kind: 'WorkflowGateError';
      readonly code: 'WORKFLOW_GATE_UNMET';
      readonly message: string;
      readonly status: IncidentStatus;
      readonly missing: readonly WorkflowGate[];
    }
  | {
      readonly kind: 'RateLimitedError';
      readonly code: 'RATE_LIMITED';
      readonly message: string;
      readonly retryAfterSeconds: number;
    }
  | { readonly kind: 'IdempotencyError'; readonly code: 'IDEMPOTENCY_KEY_REUSED'; readonly message: string };
