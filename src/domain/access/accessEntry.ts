import type { Instant } from '../instant.ts';
import type { Actor } from './actor.ts';

/** Whether who asked might; known, and written, before anything is carried out. */
export const accessOutcomes = ['ALLOWED', 'REFUSED'] as const;
export type AccessOutcome = (typeof accessOutcomes)[number];

/** The three kinds of GraphQL operation. */
export const operationKinds = ['QUERY', 'MUTATION', 'SUBSCRIPTION'] as const;
export type OperationKind = (typeof operationKinds)[number];

/** Ids one entry keeps of those its field was asked for by. */
export const subjectsLimit = 10;

/** An entry of the access log: one field of one operation. Never a name or an email, as in the ledgers. */
export interface AccessEntry {
  readonly id: string;
  readonly at: Instant;
  /** The request it was part of; all fields of one operation share it. At most 128 characters. */
  readonly requestId: string;
  readonly actor: Actor;
  /** Acting as SUPERADMIN, without a membership. */
  readonly superadmin: boolean;
  readonly credentialId: string;
  readonly operation: OperationKind;
  /** What was asked for, by the name it has in the table of permissions; at most 100 characters. */
  readonly field: string;
  /** The ids it was asked for by, as the client named them; at most {@link subjectsLimit}, of 100 characters each. */
  readonly subjects: readonly string[];
  /** Where the request came from; null when its connection was gone already. At most 64 characters. */
  readonly address: string | null;
  /** At most 256 characters. */
  readonly userAgent: string | null;
  readonly outcome: AccessOutcome;
}
