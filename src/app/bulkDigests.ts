import { createHash } from 'node:crypto';
import type { BulkTargetRow } from '../store/read/bulkActions.ts';
import type { BulkMute } from '../store/read/mutesOfBulkAction.ts';

/** SHA-256 of the targets of a bulk action as its start says it, hexadecimal. */
export function targetsDigestOf(targets: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(targets)).digest('hex');
}

/** SHA-256 of what the targets of a bulk action came to, in their order, as its end says it; hexadecimal. */
export function resultsDigestOf(targets: readonly BulkTargetRow[]): string {
  const results = targets.map(
    ({ ordinal, target, state, attempts, request, httpStatus, response, error, at }) => [
      ordinal,
      target,
      state,
      attempts,
      request,
      httpStatus,
      response,
      error,
      at,
    ],
  );
  return createHash('sha256').update(JSON.stringify(results)).digest('hex');
}

/** SHA-256 of when a bulk action muted and unmuted which targets, as its end says it, whatever their order; hexadecimal. */
export function mutesDigestOf(bulkActionId: string, mutes: readonly BulkMute[]): string {
  const entries = mutes.flatMap(({ source, target, since, until, begunBy, endedBy }) => [
    ...(begunBy === bulkActionId ? [JSON.stringify(['MUTED', source, target, since])] : []),
    ...(endedBy === bulkActionId ? [JSON.stringify(['UNMUTED', source, target, until])] : []),
  ]);
  return createHash('sha256').update(JSON.stringify(entries.sort())).digest('hex');
}
