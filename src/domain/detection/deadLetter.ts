import type { Instant } from '../instant.ts';
import type { FieldProblem } from '../refusal.ts';

/** Why a delivery could not be taken in. */
export interface DeadLetterReason {
  /** One sentence, at most 1,000 characters. */
  readonly reason: string;
  /** Where in the body, as the sender was told; at most 20. */
  readonly problems: readonly FieldProblem[];
}

/** Why a letter cannot be tried again. */
export const notReplayables = ['TOO_LARGE', 'ADDRESS_NEEDED'] as const;
export type NotReplayable = (typeof notReplayables)[number];

/** What is known of a body beside its bytes. */
export interface DeadLetterBody {
  /** Null when it can be tried again. */
  readonly notReplayable: NotReplayable | null;
  /** Of a body of which only the beginning is kept: how long its sender said it is, null when it did not say. */
  readonly declaredBytes: number | null;
}

/** A delivery that could not be taken in, as it came but for its headers. */
export interface DeadLetter extends DeadLetterReason, DeadLetterBody {
  readonly id: string;
  readonly apiKeyId: string;
  /** The format's name in its path. */
  readonly format: string;
  /** Of the body as it is kept. */
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
