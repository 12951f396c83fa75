import { type AdministrationVerb, happened, nothingHappened } from '../administration/decision.ts';
import { policyChange } from '../administration/policyChange.ts';
import { limits } from '../incident/limits.ts';
import { InputCheck } from '../inputCheck.ts';
import type { MaintenanceWindow } from '../maintenance/maintenanceWindow.ts';
import { refuseNotFound } from '../refuse.ts';
import type { CatalogueFacts } from './facts.ts';
import { changedName, differing, mergeable, newName, unchangeable } from './naming.ts';

/** Tiers of services: 1, everything depends on it, to 4, nothing does. */
const lowestTier = 4;

/** Makes a service on purpose; one of the name made on first use is updated instead. */
export const createService: AdministrationVerb<'createService'> = (input, { facts: { catalogue } }) => {
  const check = new InputCheck();
  const name = newName(check, 'SERVICE', input.name, catalogue);
  const { ownerTeamId = null, tier = null, runbook = null } = detailsOf(check, input, catalogue);
  if (check.refusal !== null) return check.refusal;
  return happened({
    type: 'SERVICE_CREATED',
    payload: { serviceId: input.made.id, name, ownerTeamId, tier, runbook },
  });
};

/** Changes what the catalogue says of a service: absent leaves, null clears. Its id stays. */
export const updateService: AdministrationVerb<'updateService'> = (input, { facts: { catalogue } }) => {
  const { serviceId } = input;
  const service = catalogue.service(serviceId);
  const refusal = unchangeable('SERVICE', service, 'serviceId');
  if (refusal !== null || service === undefined) return refusal ?? noService;
  const check = new InputCheck();
  const name = changedName(check, 'SERVICE', service, input.name, catalogue);
  const details = detailsOf(check, input, catalogue);
  if (check.refusal !== null) return check.refusal;
  const changes = differing({ name, ...details }, service);
  if (Object.keys(changes).length === 0) return nothingHappened;
  return happened({
    type: 'SERVICE_UPDATED',
    payload: { serviceId, changes: changes as Partial<typeof service> },
  });
};

const noService = refuseNotFound('There is no such service in your organization.');

/**
 * Makes a service an alias of another: its name leads there, and its incidents show the other. Maintenance windows about
 * either are about both from then on: incidents of before keep the alias's id.
 */
export const mergeServices: AdministrationVerb<'mergeServices'> = (input, { policy, facts }) => {
  const { serviceId, intoServiceId } = input;
  const { catalogue } = facts;
  const loser = catalogue.service(serviceId);
  const fields = { loser: 'serviceId', winner: 'intoServiceId' };
  const verdict = mergeable('SERVICE', loser, catalogue.service(intoServiceId), fields);
  if (verdict === 'already') return nothingHappened;
  if (verdict !== 'yes') return verdict;
  const maintenanceWindows = windowsOfBoth(policy.maintenanceWindows, serviceId, intoServiceId);
  return happened(
    { type: 'SERVICE_MERGED', payload: { serviceId, name: loser?.name ?? '', intoServiceId } },
    ...policyChange('MAINTENANCE_WINDOWS', policy, { maintenanceWindows }).facts,
  );
};

function windowsOfBoth(
  windows: readonly MaintenanceWindow[],
  serviceId: string,
  intoServiceId: string,
): readonly MaintenanceWindow[] {
  const both = [serviceId, intoServiceId];
  return windows.map((window) => {
    if (!window.serviceIds?.some((id) => both.includes(id))) return window;
    return { ...window, serviceIds: [...new Set([...window.serviceIds, ...both])] };
  });
}

interface GivenDetails {
  readonly ownerTeam?: string | null;
  readonly tier?: number | null;
  readonly runbook?: string | null;
}

/** The details that were given, as they are kept; what was not given is absent. */
function detailsOf(check: InputCheck, { ownerTeam, tier, runbook }: GivenDetails, catalogue: CatalogueFacts) {
  return {
    ...(ownerTeam !== undefined && { ownerTeamId: teamOf(check, ownerTeam, catalogue) }),
    ...(tier !== undefined && { tier: tier === null ? null : check.whole('tier', tier, 1, lowestTier) }),
    ...(runbook !== undefined && { runbook: check.optionalText('runbook', runbook, limits.reference) }),
  };
}

/** A team by its name, or the one it was merged into; unlike an incident, the catalogue makes none in passing. */
function teamOf(check: InputCheck, given: string | null, catalogue: CatalogueFacts): string | null {
  const name = check.optionalText('ownerTeam', given, limits.name);
  if (name === null || name === '') return null;
  const holder = catalogue.holderOf('TEAM', name);
  if (holder === undefined) check.note('ownerTeam', 'There is no team of this name. Create it first.');
  return holder === undefined ? null : (holder.mergedInto ?? holder.id);
}
