import type { ObjectRef } from '@pothos/core';
import { GraphQLError } from 'graphql';
import type { Refusal } from '../../domain/refusal.ts';
import { builder } from '../builder.ts';
import {
  ConflictError,
  ForbiddenError,
  IdempotencyError,
  InvalidTransitionError,
  NotFoundError,
  RateLimitedError,
  ValidationError,
  WorkflowGateError,
} from '../error/refusalTypes.ts';
import type { Types } from './inputShape.ts';

/** The errors a mutation on an existing incident can answer. */
export const incidentErrors = [
  NotFoundError,
  ForbiddenError,
  ValidationError,
  ConflictError,
  InvalidTransitionError,
  WorkflowGateError,
  IdempotencyError,
] as const;

/** The errors of declaring: there is nothing yet to be missing, changed or in the wrong status. */
export const declareErrors = [ValidationError, ForbiddenError, IdempotencyError] as const;

/** The errors of reporting, which a key may do so many times a minute. */
export const reportingErrors = [...declareErrors, RateLimitedError] as const;

/** The errors of a mutation on the organization. */
export const organizationErrors = [
  ForbiddenError,
  ValidationError,
  ConflictError,
  NotFoundError,
  IdempotencyError,
] as const;

/** The errors of one that may be done so often only. */
export const limitedErrors = [...organizationErrors, RateLimitedError] as const;

/** A success: told from a refusal by its `kind`. */
export interface Done {
  readonly kind: 'done';
}

/** `acknowledgeIncident` → `AcknowledgeIncident`, the stem of its input, payload and result. */
export function typeStem(mutation: string): string {
  return mutation.charAt(0).toUpperCase() + mutation.slice(1);
}

/** The union a mutation answers: its payload first, then its typed errors. */
export function resultType<P extends Done>(
  mutation: string,
  payload: ObjectRef<Types, P>,
  errors:
    | typeof incidentErrors
    | typeof declareErrors
    | typeof reportingErrors
    | typeof organizationErrors
    | typeof limitedErrors,
) {
  const stem = typeStem(mutation);
  const members = new Set<string>(errors.map((error) => error.name));
  return builder.unionType(`${stem}Result`, {
    description: `What \`${mutation}\` answers: its payload, or one typed error.`,
    types: [payload, ...errors],
    resolveType: (value: Done | Refusal) => {
      if (value.kind === 'done') return `${stem}Payload`;
      // A refusal the union has no member for is still an expected error: it leaves at the top, with its code.
      if (!members.has(value.kind)) {
        throw new GraphQLError(value.message, { extensions: { code: value.code } });
      }
      return value.kind;
    },
  });
}
