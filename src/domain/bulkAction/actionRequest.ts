import type { Actor } from '../access/actor.ts';
import { clipText } from '../clipText.ts';
import type { Instant } from '../instant.ts';
import { withoutRefused } from '../textProblem.ts';
import type { BulkActionKind } from './bulkAction.ts';

/** One request to an action webhook. */
export interface ActionRequest {
  readonly url: string;
  /** The same for every try of one target: the receiver's idempotency key. */
  readonly id: string;
  /** When it goes out. */
  readonly at: Instant;
  readonly body: string;
  /** What it is signed with, the current one first. */
  readonly secrets: readonly string[];
  /** Ends it before its time. */
  readonly signal: AbortSignal;
}

/** What became of a request: an answer, none, or that it may not go there at all. */
export type ActionOutcome =
  | {
      readonly kind: 'ANSWERED';
      readonly status: number;
      readonly body: string;
      /** The wait its `Retry-After` asks for, in milliseconds, unbounded; null or absent: it asks for none. */
      readonly retryAfter?: number | null;
    }
  | { readonly kind: 'FAILED' | 'FORBIDDEN'; readonly reason: string };

/** Sends one request and says what became of it; never throws. */
export type SendAction = (request: ActionRequest) => Promise<ActionOutcome>;

/** What a request says. */
export interface ActionBody {
  readonly bulkActionId: string;
  readonly source: string;
  readonly action: BulkActionKind;
  readonly target: string;
  readonly incidentId: string;
  readonly reference: string;
  readonly requestedBy: Actor;
  readonly requestedAt: Instant;
}

/** The request of a target as JSON: the same text for every try. */
export function actionBodyOf(body: ActionBody): string {
  const { bulkActionId, source, action, target, incidentId, reference, requestedBy, requestedAt } = body;
  const { kind, id } = requestedBy;
  return JSON.stringify({
    type: 'warroom.target_action',
    action,
    source,
    target,
    bulkActionId,
    incident: { id: incidentId, reference },
    requestedBy: { kind, id },
    requestedAt,
  });
}

/** What a request came to: kept as the target's result, unless it is worth another try. */
export interface Judged {
  readonly state: 'SUCCEEDED' | 'FAILED';
  readonly httpStatus: number | null;
  readonly response: string | null;
  readonly error: string | null;
  readonly isWorthAnotherTry: boolean;
  /** The wait the receiver asked for, in milliseconds and within `longestRest`; null: it asked for none. */
  readonly rest: number | null;
}

/** How much of an answer is kept, in UTF-16 units. */
const responseLimit = 4_096;

/** Statuses below 500 after which the same request may succeed. */
const transient: ReadonlySet<number> = new Set([408, 425, 429]);

/** What says how long the receiver wants to be left alone, with `Retry-After`. Elsewhere the header means other things. */
const resting: ReadonlySet<number> = new Set([429, 503]);

/** The longest a receiver may have us wait, in milliseconds: what asks for more is asked again after a minute. */
const longestRest = 60_000;

/** 2xx is success. No answer, 5xx, 408, 425 and 429 are worth another try; anything else is final. */
export function judgeOutcome(outcome: ActionOutcome): Judged {
  if (outcome.kind !== 'ANSWERED') {
    const isWorthAnotherTry = outcome.kind === 'FAILED';
    const error = outcome.reason;
    return { state: 'FAILED', httpStatus: null, response: null, error, isWorthAnotherTry, rest: null };
  }
  const { status, body, retryAfter = null } = outcome;
  const hasSucceeded = status >= 200 && status <= 299;
  return {
    state: hasSucceeded ? 'SUCCEEDED' : 'FAILED',
    httpStatus: status,
    response: clipText(withoutRefused(body), responseLimit),
    error: hasSucceeded ? null : `It was answered ${status}.`,
    isWorthAnotherTry: status >= 500 || transient.has(status),
    rest: retryAfter === null || !resting.has(status) ? null : Math.min(Math.max(0, retryAfter), longestRest),
  };
}

/** How often a target is tried at most. */
export const triesLimit = 3;

/** How long to wait before the next try, in milliseconds: a second, then four, or as long as the receiver asked for. */
export function pauseBefore(nextTry: number, rest: number | null): number {
  return Math.max(1_000 * 4 ** Math.max(0, nextTry - 2), rest ?? 0);
}
