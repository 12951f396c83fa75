import { createHash } from 'node:crypto';
import { authorize } from '../domain/access/permissions.ts';
import type { Principal } from '../domain/access/principal.ts';
import {
  type CheckedError,
  checkedErrors,
  errorFingerprintLimit,
} from '../domain/detection/checkedErrors.ts';
import { configuredError } from '../domain/detection/configuredError.ts';
import { errorFingerprint } from '../domain/detection/errorFingerprint.ts';
import {
  dedupKeyOfErrors,
  type ErrorReport,
  levelOfError,
  type ReportedError,
} from '../domain/detection/errorReport.ts';
import { errorKey } from '../domain/detection/knownErrors.ts';
import { isMoreSevere } from '../domain/detection/mostSevere.ts';
import type { Refusal } from '../domain/refusal.ts';
import { type ReportedErrorRow, reportedErrors } from '../store/read/reportedErrors.ts';
import type { ReadScope } from '../store/read/scope.ts';
import { type Answer, type Handle, type IdempotentRequest, OverloadedError } from './answer.ts';

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

/** An error with an id, perhaps still without a fingerprint. */
type NamedError = ReportedError & Pick<CheckedError, 'fingerprint'>;

/** Errors of one fingerprint: one command. */
interface Kind {
  readonly fingerprint: string;
  readonly errors: ReportedError[];
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
  { fingerprint, errors }: Kind,
  { principal, handle }: Reporting,
  request: IdempotentRequest | null,
): Promise<Answer> {
  return handle({
    organizationId: principal.organizationId,
    actor: principal.actor,
    scopes: principal.scopes,
    target: { by: 'dedupKey', key: dedupKeyOfErrors(fingerprint) },
    command: { name: 'reportErrors', input: { fingerprint, errors } },
    request,
  });
}

/**
 * The row of each error: that of its level, or of the nearest more severe one, under which it was known.
 * @throws OverloadedError when one has none.
 */
function whatBecameOf(
  errors: readonly ReportedError[],
  rows: readonly ReportedErrorRow[],
): readonly ReportedErrorRow[] {
  const known = new Map<string, ReportedErrorRow[]>();
  for (const row of rows) known.set(errorKey(row), [...(known.get(errorKey(row)) ?? []), row]);
  return errors.map((error) => {
    const level = levelOfError(error);
    const covering = (known.get(errorKey(error)) ?? []).filter((row) => !isMoreSevere(level, row.level));
    const [first, ...others] = covering;
    if (first === undefined) throw new OverloadedError(1);
    return others.reduce((nearest, row) => (isMoreSevere(nearest.level, row.level) ? row : nearest), first);
  });
}

function kindsOf(errors: readonly NamedError[]): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  for (const { fingerprint: given, ...error } of errors) {
    const fingerprint = given ?? madeFingerprint(error);
    const kind = kinds.get(fingerprint) ?? { fingerprint, errors: [] };
    kinds.set(fingerprint, kind);
    kind.errors.push(error);
  }
  return [...kinds.values()];
}

function madeFingerprint(error: ReportedError): string {
  return sha256(errorFingerprint(error)).slice(0, errorFingerprintLimit);
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
