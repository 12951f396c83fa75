import type { LedgerFeedEntry } from '../feed/entry.ts';
import type { Change } from '../store/port.ts';
import type { WorkerRoom } from './workerRoom.ts';

/** Tells feed and scheduler what a batch has committed. @throws whatever these throw. */
export function announce(
  { wake, inbox }: Pick<WorkerRoom, 'wake' | 'inbox'>,
  organizationId: string,
  { news, changes }: { readonly news: readonly LedgerFeedEntry[]; readonly changes: readonly Change[] },
): void {
  const earliest = earliestPlanned(changes);
  if (earliest !== null) wake(earliest);
  if (changes.some(({ rows }) => rows.run !== undefined)) inbox.ring(organizationId, 'RUNS');
  if (news.length === 0) return;
  for (const ledger of ['INCIDENTS', 'ADMINISTRATION'] as const) {
    const entries = news.filter(({ entry }) => entry.ledger === ledger);
    if (entries.length > 0) inbox.committed(organizationId, ledger, entries);
  }
}

/** The first instant these changes plan for; a new policy's re-planning is due when it was decided. */
function earliestPlanned(changes: readonly Change[]): string | null {
  let earliest: string | null = null;
  for (const { deadlines, rows, events } of changes) {
    const dueAt = rows.policy === undefined ? deadlines?.[0]?.dueAt : events[0]?.at;
    if (dueAt !== undefined && (earliest === null || dueAt < earliest)) earliest = dueAt;
  }
  return earliest;
}
