import type { Instant } from '../domain/instant.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { StoredRequest } from '../store/port.ts';
import type { IdempotentRequest } from './answer.ts';
import type { BatchState } from './batchState.ts';
import { decideAdministration } from './decideAdministration.ts';
import { decideIncident } from './decideIncident.ts';
import type { Job } from './job.ts';
import { isForAdministration, requestKey } from './loadRequest.ts';
import type { Decided, Verdict } from './verdict.ts';

/** Decides a batch in order, each command on what the ones before it decided. A command that throws fails alone. */
export function decideBatch(jobs: readonly Job[], deciding: Deciding): readonly Decided[] {
  const underWay = new Set<string>();
  return jobs.map((job) => ({ job, verdict: verdictOn(job, deciding, underWay) }));
}

/** What all decisions of a batch share. */
export interface Deciding {
  readonly batch: BatchState;
  /** The clock's instant, taken after the load. */
  readonly now: Instant;
  /** A fresh UUID. */
  readonly newId: () => string;
}

/** `underWay`: idempotency keys of the commands before this one in the batch. */
function verdictOn(job: Job, deciding: Deciding, underWay: Set<string>): Verdict {
  const { request } = job;
  const { batch } = deciding;
  const idempotent = request.request;
  if (idempotent) {
    const stored = batch.answerTo(idempotent.principal, idempotent.key);
    if (stored !== undefined) return answeredBefore(idempotent, stored);
    // Its twin's answer is this one's too, and is not known before the twin is committed.
    const key = requestKey(idempotent.principal, idempotent.key);
    if (underWay.has(key)) return { kind: 'later' };
    underWay.add(key);
  }
  try {
    return isForAdministration(request)
      ? decideAdministration(job, request, deciding)
      : decideIncident(job, request, deciding);
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/** The stored answer of the same input, or the refusal of another input under the same key. */
export function answeredBefore(request: IdempotentRequest, stored: StoredRequest): Verdict {
  return stored.digest === request.digest
    ? { kind: 'replay', stored }
    : { kind: 'refused', refusal: keyReused };
}

/** The same key, another intent. */
export const keyReused: Refusal = {
  kind: 'IdempotencyError',
  code: 'IDEMPOTENCY_KEY_REUSED',
  message: 'This idempotency key was used with another mutation or other input. Use a new key.',
};
