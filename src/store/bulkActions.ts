import type { BulkTargetState } from '../domain/bulkAction/bulkAction.ts';
import type { Instant } from '../domain/instant.ts';
import type { Database } from './database.ts';

/** A bulk action that a process may work off. */
export interface HeldBulkAction {
  readonly organizationId: string;
  readonly bulkActionId: string;
  /** It begins nothing more. */
  readonly isCancelled: boolean;
  /** Others do not come before it; what is out of turn is not worked on, and is to be given back. */
  readonly isInTurn: boolean;
}

/** A target of a bulk action that a process holds. */
export interface HeldTarget extends Pick<HeldBulkAction, 'organizationId' | 'bulkActionId'> {
  readonly holder: string;
  readonly ordinal: number;
}

/** What a target came to. */
export interface BulkTargetResult {
  readonly state: Extract<BulkTargetState, 'SUCCEEDED' | 'FAILED'>;
  readonly httpStatus: number | null;
  readonly response: string | null;
  readonly error: string | null;
  readonly at: Instant;
}

/**
 * Leases bulk actions that are not over to a holder, and answers those it has: its own, and those nobody has. In turn are
 * the first `known` of them, the first of each organization before the second of any (what is cancelled, then what is
 * oldest); at most `fresh` are new to it. One that is just written to is left out this once.
 */
export async function claimBulkActions(
  database: Pick<Database, 'asPlatform'>,
  claim: {
    readonly holder: string;
    readonly now: Instant;
    readonly leaseEndsAt: Instant;
    readonly known: number;
    readonly fresh: number;
  },
): Promise<readonly HeldBulkAction[]> {
  const rows = await database.asPlatform(
    `select organization_id, bulk_action_id, is_cancelled, is_in_turn
     from warroom.claim_bulk_actions($1, $2, $3, $4, $5)`,
    [claim.holder, claim.now, claim.leaseEndsAt, claim.known, claim.fresh],
  );
  return rows.map((row) => ({
    organizationId: row.organization_id as string,
    bulkActionId: row.bulk_action_id as string,
    isCancelled: row.is_cancelled as boolean,
    isInTurn: row.is_in_turn as boolean,
  }));
}

/** Gives back what a holder has, or what anybody has (null), all or these: others may go on at once. */
export async function releaseBulkActions(
  database: Pick<Database, 'asPlatform'>,
  holder: string | null,
  bulkActionIds: readonly string[] | null = null,
): Promise<void> {
  await database.asPlatform('select warroom.release_bulk_actions($1, $2)', [holder, bulkActionIds]);
}

/** Notes, durably, that a target's request goes out; false when it may not go. */
export async function beginBulkTarget(
  database: Database,
  { organizationId, holder, bulkActionId, ordinal }: HeldTarget,
  { now, request }: { readonly now: Instant; readonly request: string },
): Promise<boolean> {
  const parameters = [organizationId, holder, bulkActionId, ordinal, now, request];
  return (await database.callAsOrganization(organizationId, 'begin_bulk_target', parameters)) === true;
}

/** Notes what a target's last try came to, and when it is asked again; false when another holder has the action by now. */
export async function delayBulkTarget(
  database: Database,
  { organizationId, holder, bulkActionId, ordinal }: HeldTarget,
  {
    until,
    httpStatus,
    response,
    error,
  }: Omit<BulkTargetResult, 'state' | 'at'> & { readonly until: Instant },
): Promise<boolean> {
  const result = JSON.stringify({ http_status: httpStatus, response, error });
  const parameters = [organizationId, holder, bulkActionId, ordinal, until, result];
  return (await database.callAsOrganization(organizationId, 'delay_bulk_target', parameters)) === true;
}

/** Keeps what a target came to, with its run and what it mutes; false when another holder has the action by now. */
export async function finishBulkTarget(
  database: Database,
  { organizationId, holder, bulkActionId, ordinal }: HeldTarget,
  { state, httpStatus, response, error, at }: BulkTargetResult,
): Promise<boolean> {
  const result = JSON.stringify({ state, http_status: httpStatus, response, error, at });
  const parameters = [organizationId, holder, bulkActionId, ordinal, result];
  return (await database.callAsOrganization(organizationId, 'finish_bulk_target', parameters)) === true;
}

/** Of a cancelled bulk action, leaves out what was not begun. */
export async function cancelBulkTargets(
  database: Database,
  { organizationId, holder, bulkActionId }: Omit<HeldTarget, 'ordinal'>,
  now: Instant,
): Promise<void> {
  await database.callAsOrganization(organizationId, 'cancel_bulk_targets', [
    organizationId,
    holder,
    bulkActionId,
    now,
  ]);
}
