import type { Principal } from '../domain/access/principal.ts';
import { checkedErrors } from '../domain/detection/checkedErrors.ts';
import { configuredError } from '../domain/detection/configuredError.ts';
import {
  dedupKeyOfErrors,
  type ErrorOutcome,
  type ErrorReport,
  type ReportedError,
} from '../domain/detection/errorReport.ts';
import type { IngestConfiguration } from '../domain/detection/ingestConfiguration.ts';
import { judgeErrors } from '../domain/detection/judgeErrors.ts';
import { whyKnown, whyOfError } from '../domain/detection/whyOfError.ts';
import type { IncidentSeverity } from '../domain/incident/vocabulary.ts';
import type { Refusal } from '../domain/refusal.ts';
import { reportedErrors } from '../store/read/reportedErrors.ts';
import { kindsOf, requestOf } from './errorKinds.ts';
import { rehearse, type Stage } from './rehearse.ts';
import type { IncidentDraft } from './verdict.ts';
import { whatBecameOf } from './whatBecameOf.ts';

/** One error, with what it has in common with others of its kind. */
export interface OneError {
  readonly kind: 'error';
  readonly fingerprint: string;
  readonly error: ReportedError;
}

/** What would become of an error, were it reported now. */
export interface RehearsedError {
  readonly kind: 'done';
  readonly outcome: ErrorOutcome;
  /** Why, in a sentence for a person. */
  readonly why: string;
  /** The incident it would join or reopen, or is known to be of; null: none, or one that it would declare. */
  readonly incidentId: string | null;
  /** How severe its incident would be right after; null: there would be none, or it is known and changes nothing. */
  readonly severity: IncidentSeverity | null;
}

/** One error as `reportErrors` takes it from a key that is configured like this; a new one when it has no id. */
export function oneErrorOf(
  report: ErrorReport,
  { ingest, newId }: { readonly ingest: IngestConfiguration | undefined; readonly newId: () => string },
): OneError | Refusal {
  const checked = checkedErrors([configuredError(report, ingest)]);
  if ('kind' in checked) return checked;
  const [kind] = kindsOf(checked.map((error) => ({ ...error, errorId: error.errorId ?? newId() })));
  const [error] = kind?.errors ?? [];
  if (kind === undefined || error === undefined) throw new Error('An error that was accepted is gone.');
  return { kind: 'error', fingerprint: kind.fingerprint, error };
}

/**
 * What would become of an error, were it reported now: decided as `reportErrors` decides it, and nothing is written.
 * @throws OverloadedError, ServerOutdatedError, and what the database throws.
 */
export async function rehearseError(
  { fingerprint, error }: OneError,
  principal: Pick<Principal, 'organizationId' | 'actor'>,
  stage: Stage,
): Promise<RehearsedError | Refusal> {
  const request = requestOf({ fingerprint, errors: [error] }, principal);
  const { verdict, facts, policy } = await rehearse(request, stage);
  if (verdict.kind === 'refused') return verdict.refusal;
  if (verdict.kind === 'failed') throw verdict.error;
  const draft = verdict.kind === 'draft' && verdict.draft.ledger === 'INCIDENTS' ? verdict.draft : null;
  const [row] = draft?.extra.reported_error ?? [];
  if (draft === null || row === undefined) return knownAs(error, principal.organizationId, stage);
  const outcome = row.outcome as ErrorOutcome;
  const [judged] = judgeErrors([error], { policy, facts, at: row.reported_at as string });
  if (judged === undefined) throw new Error('An error was judged to be none.');
  return {
    kind: 'done',
    outcome,
    why: whyOfError(judged, outcome, isGuest(draft, fingerprint)),
    incidentId: outcome === 'CREATED' ? null : (row.incident_id as string | null),
    severity: draft.after?.severity ?? null,
  };
}

/** Whether what is joined is no incident of this kind of errors. */
function isGuest({ after }: IncidentDraft, fingerprint: string): boolean {
  return after !== null && !after.dedupKeys.includes(dedupKeyOfErrors(fingerprint));
}

/** What became of an error when it was reported before. */
async function knownAs(
  error: ReportedError,
  organizationId: string,
  { database }: Stage,
): Promise<RehearsedError> {
  const rows = await reportedErrors({ database, organizationId }, [error]);
  const [row] = whatBecameOf([error], rows);
  if (row === undefined) throw new Error('An error that is known became nothing.');
  const { outcome, incidentId } = row;
  return { kind: 'done', outcome, why: whyKnown, incidentId, severity: null };
}
