import type { Instant } from '../../domain/instant.ts';
import { inOrder, type ReadScope } from './scope.ts';

/** What a person has acknowledged so far, drills aside. */
export interface EngagementRow {
  readonly acknowledgementCount: number;
  readonly lastAcknowledgedIncidentId: string;
  readonly lastAcknowledgedAt: Instant;
}

/** The engagement of users, in the order asked for; null for who has acknowledged nothing yet. */
export async function engagements(
  scope: ReadScope,
  userIds: readonly string[],
): Promise<(EngagementRow | null)[]> {
  const rows = await scope.database.for(scope.organizationId).engagement.findMany({
    where: { organizationId: scope.organizationId, userId: { in: [...new Set(userIds)] } },
  });
  return inOrder(
    userIds,
    new Map(
      rows.map(({ userId, lastAcknowledgedAt, ...row }) => [
        userId,
        { ...row, lastAcknowledgedAt: lastAcknowledgedAt.toISOString() },
      ]),
    ),
  );
}
