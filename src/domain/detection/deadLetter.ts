import type { Instant } from '../instant.ts';
import type { FieldProblem } from '../refusal.ts';

/** Why a delivery could not be taken in. */
export interface DeadLetterReason {
  /** One sentence, at most 1,000 characters. */
  readonly reason: string;
  /** Where in the body, as the sender was told; at most 20. */
  readonly problems: readonly FieldProblem[];
}

/** A delivery that could not be taken in, as it came but for its headers. */
export interface DeadLetter extends DeadLetterReason {
  readonly id: string;
  readonly apiKeyId: string;
  /** The format's name in its path. */
  readonly format: string;
  readonly bytes: number;
  /** How often this very body came. */
  readonly count: number;
  readonly firstReceivedAt: Instant;
  readonly lastReceivedAt: Instant;
}

/** Dead letters an organization keeps at most; the oldest give way. */
export const deadLettersAtMost = 1_000;

/** Bytes of their bodies at most. */
export const deadLetterBytesAtMost = 64 * 1_048_576;
