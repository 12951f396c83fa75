import type { Actor } from '../../domain/access/actor.ts';
import type { AdministrationEvent, PolicyPart } from '../../domain/administration/events.ts';
import type { Instant } from '../../domain/instant.ts';
import { decodeBody } from '../../domain/ledger/body.ts';
import { completePolicy } from '../../domain/policy/completePolicy.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { CursorError } from './cursor.ts';
import type { ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';

/** A version of the policy, and who made it. */
export interface PolicyVersion {
  /** As it was: parts that the program of then did not have are the defaults. */
  readonly policy: Policy;
  /** Null for the first version, which the organization was founded with. */
  readonly part: PolicyPart | null;
  readonly at: Instant;
  readonly by: Actor;
}

/** Where a version stands in the history. */
export function policyCursor({ policy }: PolicyVersion): string {
  return String(policy.version);
}

/** A page of the versions of the policy, newest first, each with the entry that made it. @throws CursorError */
export async function policyVersions(
  { database, organizationId }: ReadScope,
  window: Window,
): Promise<Slice<PolicyVersion>> {
  // Version 1 has no entry of its own: founding the organization made it.
  const rows = await database.asOrganization<{ version: number; at: Instant; policy: string; body: string }>(
    organizationId,
    `SELECT p.version, p.at, p.policy, e.body FROM warroom.policy p
     JOIN warroom.ledger_event e
       ON e.organization_id = p.organization_id AND e.ledger = 1 AND e.sequence = coalesce(p.sequence, 1)
     WHERE p.organization_id = $1 AND ($2::int IS NULL OR p.version < $2)
     ORDER BY p.version DESC LIMIT $3`,
    [organizationId, window.after === null ? null : versionOf(window.after), window.size + 1],
  );
  return sliceOf(rows.map(versionFrom), window);
}

function versionFrom(row: { version: number; at: Instant; policy: string; body: string }): PolicyVersion {
  const event: AdministrationEvent = decodeBody<'ADMINISTRATION'>(row.body);
  const stored = JSON.parse(row.policy) as Partial<Policy>;
  return {
    policy: completePolicy({ ...stored, version: row.version }),
    part: event.type === 'ORGANIZATION_POLICY_CHANGED' ? event.payload.part : null,
    at: row.at,
    by: event.actor,
  };
}

function versionOf(cursor: string): number {
  if (!/^\d{1,9}$/.test(cursor)) throw new CursorError();
  return Number(cursor);
}
