import type { FollowUpStatus } from '../../domain/incident/vocabulary.ts';
import type { Instant } from '../../domain/instant.ts';
import { inOrder, type ReadScope } from './scope.ts';

/** A follow-up with how far it is. */
export interface FollowUpRow {
  readonly id: string;
  readonly description: string;
  readonly status: FollowUpStatus;
  readonly assigneeId: string | null;
  readonly dueAt: Instant | null;
  readonly completedAt: Instant | null;
}

/** Follow-ups by id, in the order asked for. */
export async function followUps(scope: ReadScope, ids: readonly string[]): Promise<(FollowUpRow | null)[]> {
  const rows = await scope.database.for(scope.organizationId).followUp.findMany({
    where: { organizationId: scope.organizationId, id: { in: [...new Set(ids)] } },
  });
  const byId = new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        description: row.description,
        status: row.status as FollowUpStatus,
        assigneeId: row.assigneeId,
        dueAt: row.dueAt?.toISOString() ?? null,
        completedAt: row.completedAt?.toISOString() ?? null,
      },
    ]),
  );
  return inOrder(ids, byId);
}
