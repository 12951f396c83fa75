import { authorize } from '../domain/access/permissions.ts';
import type { Principal } from '../domain/access/principal.ts';
import { bulkTargetLimit, checkedTargets } from '../domain/bulkAction/bulkAction.ts';
import type { IncidentCommandInputs } from '../domain/incident/commands.ts';
import { InputCheck } from '../domain/inputCheck.ts';
import type { Refusal } from '../domain/refusal.ts';
import { refuseField } from '../domain/refuse.ts';
import { runningBulkActions } from '../store/read/bulkActions.ts';
import { runTargetsOfIncidents } from '../store/read/runTargets.ts';
import type { ReadScope } from '../store/read/scope.ts';
import { targetsDigestOf } from './bulkDigests.ts';

/** Bulk actions of an organization that are not over at a time; about, since several may begin at once. */
const runningAtMost = 50;

type Input = IncidentCommandInputs['runBulkAction'];

/** A bulk action as it is asked for. */
export interface BulkActionWanted {
  readonly action: Input['action'];
  /** Null or absent: all that the incident's runs failed for. */
  readonly targets?: readonly string[] | null | undefined;
  readonly source?: string | null | undefined;
  readonly concurrency?: number | null | undefined;
  readonly throttleMilliseconds?: number | null | undefined;
}

/** The command that starts a bulk action: with every target named, and their digest. */
export async function bulkActionCommand(
  wanted: BulkActionWanted,
  incidentId: string,
  { principal, scope }: { readonly principal: Principal; readonly scope: ReadScope },
): Promise<{ readonly name: 'runBulkAction'; readonly input: Input } | Refusal> {
  const forbidden = authorize('runBulkAction', { ...principal.actor, scopes: principal.scopes });
  if (forbidden !== null) return forbidden;
  if ((await runningBulkActions(scope, runningAtMost)) >= runningAtMost) {
    const message = `${runningAtMost} bulk actions of your organization are not over yet. Wait for one, or cancel it.`;
    return refuseField([], message).refusal;
  }
  const all = wanted.targets ?? (await targetsOf(scope, incidentId));
  if ('kind' in all) return all;
  // What does not fit is refused where it is decided; the digest is of what does.
  const targets = checkedTargets(new InputCheck(), all);
  const { action, source = null, concurrency = null, throttleMilliseconds = null } = wanted;
  const named = { targets: targets.length === 0 ? all : targets, targetsDigest: targetsDigestOf(targets) };
  const input = { action, ...named, source, concurrency, throttleMilliseconds };
  return { name: 'runBulkAction', input };
}

async function targetsOf(scope: ReadScope, incidentId: string): Promise<readonly string[] | Refusal> {
  const window = { size: bulkTargetLimit, backward: false, after: null, before: null };
  const [slice] = await runTargetsOfIncidents(scope, [incidentId], window);
  if (slice?.more) {
    const message = `Its runs failed for more than ${bulkTargetLimit} targets: name those of one bulk action.`;
    return refuseField(['targets'], message).refusal;
  }
  return slice?.items.map(({ target }) => target) ?? [];
}
