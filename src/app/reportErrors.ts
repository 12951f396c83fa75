import { createHash } from 'node:crypto';
import { authorize } from '../domain/access/permissions.ts';
import type { Principal } from '../domain/access/principal.ts';
import { checkedErrors } from '../domain/detection/checkedErrors.ts';
import { configuredError } from '../domain/detection/configuredError.ts';
import type { ErrorReport } from '../domain/detection/errorReport.ts';
import type { Refusal } from '../domain/refusal.ts';
import { type ReportedErrorRow, reportedErrors } from '../store/read/reportedErrors.ts';
import type { ReadScope } from '../store/read/scope.ts';
import type { Answer, Handle, IdempotentRequest } from './answer.ts';
import { type ErrorKind, kindsOf, requestOf } from './errorKinds.ts';
import { whatBecameOf } from './whatBecameOf.ts';

/** Who reports, and by which way in and out. */
export interface Reporting {
  readonly principal: Principal;
  readonly handle: Handle;
  readonly scope: ReadScope;
  /** A fresh UUID. */
  readonly newId: () => string;
  /** Null when the caller has no idempotency key: then errors without an id are new ones each time. */
  readonly request: IdempotentRequest | null;
}

/** What became of each error, in the order they were told. */
export interface ErrorsReported {
  readonly kind: 'done';
  readonly errors: readonly ReportedErrorRow[];
  /** To resume a subscription from. */
  readonly sequence: number;
}

/**
 * Reports errors, read as their key is configured: one command for each fingerprint, each committed by itself. What is told
 * again, whole or in part, has one effect, because every error is known by its source and id, unless its level is higher
 * than before; what becomes of it is read back once all are committed.
 *
 * @throws OverloadedError when some could not be carried out: tell all of them again, under the same ids.
 */
export async function reportErrors(
  reports: readonly ErrorReport[],
  reporting: Reporting,
): Promise<ErrorsReported | Refusal> {
  const { actor, scopes, ingest } = reporting.principal;
  const forbidden = authorize('reportErrors', { ...actor, scopes });
  if (forbidden !== null) return forbidden;
  const checked = checkedErrors(reports.map((report) => configuredError(report, ingest)));
  if ('kind' in checked) return checked;
  const named = checked.map((error, index) => ({
    ...error,
    errorId: error.errorId ?? errorIdOf(index, reporting),
  }));
  const [first, ...others] = kindsOf(named);
  if (first === undefined) throw new Error('A report of no errors was accepted.');
  // The first carries the idempotency key: whoever reuses it for other errors is told so before any of them counts.
  const answer = await tell(first, reporting, reporting.request);
  if (answer.kind === 'refused') return answer.refusal;
  const settled = await Promise.allSettled(others.map((kind) => tell(kind, reporting, null)));
  const answers = [answer];
  for (const one of settled) {
    if (one.status === 'rejected') throw one.reason;
    if (one.value.kind === 'refused') return one.value.refusal;
    answers.push(one.value);
  }
  const rows = await reportedErrors(reporting.scope, named);
  return { kind: 'done', errors: whatBecameOf(named, rows), sequence: latestOf(answers) };
}

function tell(
  kind: ErrorKind,
  { principal, handle }: Reporting,
  request: IdempotentRequest | null,
): Promise<Answer> {
  return handle({ ...requestOf(kind, principal), scopes: principal.scopes, request });
}

/** The same again for the same idempotency key, whose input is the same. */
function errorIdOf(index: number, { request, newId }: Reporting): string {
  return request === null ? newId() : sha256(`${request.principal}\n${request.key}\n${index}`).slice(0, 32);
}

function latestOf(answers: readonly Answer[]): number {
  let latest = 0;
  for (const answer of answers) {
    if (answer.kind === 'done' && (answer.incident !== null || !answer.replayed)) {
      latest = Math.max(latest, answer.sequence);
    }
  }
  return latest;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
