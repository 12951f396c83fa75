import type { Instant } from '../../domain/instant.ts';
import type { ReadScope } from './scope.ts';
import { inOrder } from './scope.ts';

/** A past moment of an incident: an instant, or a sequence of the ledger. */
export type Moment =
  | { readonly incidentId: string; readonly at: Instant; readonly sequence: null }
  | { readonly incidentId: string; readonly at: null; readonly sequence: number };

/** The version an incident had at a moment, and the policy version in force then. */
export interface VersionThen {
  readonly version: number;
  /** Null for a moment given by sequence: its event's own policy version holds. */
  readonly policyVersion: number | null;
}

/** One key a moment, for maps. */
export function momentKey(moment: Moment): string {
  return `${moment.incidentId} ${moment.at ?? moment.sequence}`;
}

/** The versions at these moments, in the order asked for, in one statement; null before an incident existed. */
export async function versionsThen(
  scope: ReadScope,
  moments: readonly Moment[],
): Promise<(VersionThen | null)[]> {
  const rows = await scope.database.asOrganization<{
    place: number;
    version: number;
    policy_version: number | null;
  }>(
    scope.organizationId,
    `SELECT asked.place, e.version, p.version AS policy_version
     FROM unnest($2::uuid[], $3::timestamptz[], $4::bigint[]) WITH ORDINALITY AS asked(id, at, sequence, place)
     CROSS JOIN LATERAL (
       SELECT version FROM warroom.ledger_event WHERE organization_id = $1 AND incident_id = asked.id
         AND (asked.at IS NULL OR at <= asked.at) AND (asked.sequence IS NULL OR sequence <= asked.sequence)
       ORDER BY version DESC LIMIT 1
     ) e LEFT JOIN LATERAL (
       SELECT version FROM warroom.policy WHERE organization_id = $1 AND at <= asked.at
       ORDER BY version DESC LIMIT 1
     ) p ON true`,
    [
      scope.organizationId,
      moments.map((moment) => moment.incidentId),
      moments.map((moment) => moment.at),
      moments.map((moment) => moment.sequence),
    ],
  );
  const byPlace = new Map(
    rows.map((row) => [Number(row.place), { version: row.version, policyVersion: row.policy_version }]),
  );
  return inOrder(
    moments.map((_, index) => index + 1),
    byPlace,
  );
}
