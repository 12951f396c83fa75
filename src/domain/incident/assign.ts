import { InputCheck } from '../inputCheck.ts';
import { limits } from './limits.ts';
import { memberProblem } from './memberProblem.ts';
import { namingFor } from './naming.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

/** Gives the incident to a member, an owning team, or both: absent leaves, null clears. */
export const assign: IncidentVerb<'assignIncident'> = (input, state, context) => {
  const check = new InputCheck();
  const { userId } = input;
  const problem = userId == null ? null : memberProblem(userId, context.facts);
  if (problem !== null) check.note('userId', problem);
  const ownerTeam = check.optionalText('ownerTeam', input.ownerTeam, limits.name);
  if (check.refusal !== null) return check.refusal;
  const naming = namingFor(context);
  const ownerTeamId = input.ownerTeam === undefined ? undefined : naming.idOrNull('TEAM', ownerTeam);
  const payload = {
    ...(userId !== undefined && userId !== state.assigneeId ? { assigneeId: userId } : null),
    ...(ownerTeamId !== undefined && ownerTeamId !== state.ownerTeamId ? { ownerTeamId } : null),
  };
  if (Object.keys(payload).length === 0) return alreadySo;
  return agreed({ type: 'INCIDENT_ASSIGNED', payload: { ...payload, ...naming.made() } });
};
