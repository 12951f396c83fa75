import { v7 } from 'uuid';
import { type ErrorsReported, type Reporting, reportErrors } from '../app/reportErrors.ts';
import type { Principal } from '../domain/access/principal.ts';
import type { ErrorReport } from '../domain/detection/errorReport.ts';
import type { FieldProblem } from '../domain/refusal.ts';
import { undelivered } from './deliver.ts';
import { FieldReader, isJsonObject } from './fieldReader.ts';
import { sha256 } from './keys.ts';
import type { TakenIn } from './takeIn.ts';
import { textOf } from './textOf.ts';

/** What errors are called in the path, in the log and among dead letters. */
export const errorsFormat = 'errors';

/** Where this principal's rows are read. */
export type ScopeOf = (principal: Principal) => Reporting['scope'];

/** What became of a body of errors. */
export type ErrorsTakenIn =
  | { readonly kind: 'reported'; readonly errors: ErrorsReported['errors'] }
  | Exclude<TakenIn, { readonly kind: 'committed' }>;

/**
 * Reads a body of errors and reports them, as their key is configured. `letterId`: of the dead letter it is, from which
 * errors without an id have theirs.
 */
export async function takeInErrors(
  value: unknown,
  principal: Principal,
  {
    handle,
    scopeOf,
    letterId,
  }: Pick<Reporting, 'handle'> & { readonly scopeOf: ScopeOf; readonly letterId?: string },
): Promise<ErrorsTakenIn> {
  const reader = new FieldReader();
  const { depth, reports } = reportsOf(reader, value);
  if (reader.problems.length > 0) return { kind: 'invalid', problems: reader.problems };
  try {
    const request =
      letterId === undefined
        ? null
        : { principal: principal.credentialId, key: `letter:${letterId}`, digest: sha256(letterId) };
    const reporting = { principal, handle, scope: scopeOf(principal), newId: () => v7(), request };
    const reported = await reportErrors(reports, reporting);
    if (reported.kind === 'done') return { kind: 'reported', errors: reported.errors };
    if (reported.kind !== 'ValidationError') return { kind: 'refused', refusal: reported };
    return { kind: 'invalid', problems: reported.fields.map((problem) => asTold(problem, depth)) };
  } catch (error) {
    return undelivered(error);
  }
}

/** A problem of a report, by where it stands in the body: below `errors`, in a list, or the body itself. */
function asTold({ path, message }: FieldProblem, depth: number): FieldProblem {
  return { path: path.slice(2 - depth), message };
}

/** The errors of a body, and how deep they lie in it. */
function reportsOf(
  reader: FieldReader,
  value: unknown,
): { readonly depth: 0 | 1 | 2; readonly reports: readonly ErrorReport[] } {
  if (Array.isArray(value)) {
    return { depth: 1, reports: value.map((error, index) => reportOf(reader, [String(index)], error)) };
  }
  if (isJsonObject(value) && !('errors' in value)) {
    return { depth: 0, reports: [reportOf(reader, [], value)] };
  }
  const { errors } = reader.object([], value);
  const reports = reader
    .list(['errors'], errors)
    .map((error, index) => reportOf(reader, ['errors', String(index)], error));
  return { depth: 2, reports };
}

function reportOf(reader: FieldReader, path: readonly string[], value: unknown): ErrorReport {
  const error = reader.object(path, value);
  const optional = (field: string) => (error[field] == null ? null : textOf(error[field]));
  return {
    errorId: optional('errorId'),
    fingerprint: optional('fingerprint'),
    severity: optional('severity'),
    source: optional('source'),
    component: optional('component'),
    type: optional('type'),
    message: reader.text([...path, 'message'], error.message),
    environment: optional('environment'),
    project: optional('project'),
    correlationKey: optional('correlationKey'),
    traceId: optional('traceId'),
    data: error.data == null ? null : JSON.stringify(error.data),
    at: reader.instant([...path, 'at'], error.at),
  };
}
