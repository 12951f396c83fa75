import { createHash } from 'node:crypto';
import type { Principal } from '../domain/access/principal.ts';
import { type CheckedError, errorFingerprintLimit } from '../domain/detection/checkedErrors.ts';
import { errorFingerprint } from '../domain/detection/errorFingerprint.ts';
import { dedupKeyOfErrors, type ReportedError } from '../domain/detection/errorReport.ts';
import type { IncidentRequest } from './loadRequest.ts';

/** An error with an id, perhaps still without a fingerprint. */
export type NamedError = ReportedError & Pick<CheckedError, 'fingerprint'>;

/** Errors of one fingerprint: one command. */
export interface ErrorKind {
  readonly fingerprint: string;
  readonly errors: ReportedError[];
}

/** The errors by their fingerprints, which are made where they have none; in the order each came first. */
export function kindsOf(errors: readonly NamedError[]): readonly ErrorKind[] {
  const kinds = new Map<string, ErrorKind>();
  for (const { fingerprint: given, ...error } of errors) {
    const fingerprint = given ?? madeFingerprint(error);
    const kind = kinds.get(fingerprint) ?? { fingerprint, errors: [] };
    kinds.set(fingerprint, kind);
    kind.errors.push(error);
  }
  return [...kinds.values()];
}

/** How errors of one kind are reported. */
export function requestOf(
  { fingerprint, errors }: ErrorKind,
  { organizationId, actor }: Pick<Principal, 'organizationId' | 'actor'>,
): IncidentRequest {
  return {
    organizationId,
    actor,
    target: { by: 'dedupKey', key: dedupKeyOfErrors(fingerprint) },
    command: { name: 'reportErrors', input: { fingerprint, errors } },
  };
}

function madeFingerprint(error: ReportedError): string {
  const made = createHash('sha256').update(errorFingerprint(error)).digest('hex');
  return made.slice(0, errorFingerprintLimit);
}
