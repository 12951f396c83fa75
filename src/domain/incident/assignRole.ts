import { refuseField } from '../refuse.ts';
import { memberProblem } from './memberProblem.ts';
import { agreed, alreadySo, type IncidentVerb } from './verb.ts';

const holders = { COMMANDER: 'commanderId', TECH_LEAD: 'techLeadId', COMMS_LEAD: 'commsLeadId' } as const;

/** Gives a role on the incident to a member; null takes it from whoever has it, absent leaves it. */
export const assignRole: IncidentVerb<'assignIncidentRole'> = (input, state, context) => {
  const { role, userId } = input;
  const problem = userId == null ? null : memberProblem(userId, context.facts);
  if (problem !== null) return refuseField(['userId'], problem);
  if (userId === undefined || state[holders[role]] === userId) return alreadySo;
  return agreed({ type: 'INCIDENT_ROLE_ASSIGNED', payload: { role, userId } });
};
