import { type AdministrationVerb, happened, nothingHappened } from '../administration/decision.ts';
import { noMember } from '../administration/removeMember.ts';
import { InputCheck } from '../inputCheck.ts';
import { changedName, differing, mergeable, newName, unchangeable } from './naming.ts';

/** Makes a team on purpose; one of the name made on first use is updated instead. */
export const createTeam: AdministrationVerb<'createTeam'> = (input, { facts: { catalogue } }) => {
  const check = new InputCheck();
  const name = newName(check, 'TEAM', input.name, catalogue);
  const slackChannel = channelOf(check, input.slackChannel) ?? null;
  if (check.refusal !== null) return check.refusal;
  return happened({ type: 'TEAM_CREATED', payload: { teamId: input.made.id, name, slackChannel } });
};

/** Changes a team's name or Slack channel: absent leaves, null clears the channel. Its id stays. */
export const updateTeam: AdministrationVerb<'updateTeam'> = (input, { facts: { catalogue } }) => {
  const { teamId } = input;
  const team = catalogue.team(teamId);
  const refusal = unchangeable('TEAM', team, 'teamId');
  if (refusal !== null || team === undefined) return refusal ?? noMember;
  const check = new InputCheck();
  const name = changedName(check, 'TEAM', team, input.name, catalogue);
  const slackChannel = channelOf(check, input.slackChannel);
  if (check.refusal !== null) return check.refusal;
  const changes = differing({ name, slackChannel }, team);
  if (Object.keys(changes).length === 0) return nothingHappened;
  return happened({ type: 'TEAM_UPDATED', payload: { teamId, changes: changes as Partial<typeof team> } });
};

/** Makes a team an alias of another: its name leads there, its incidents show the other, its members are the other's. */
export const mergeTeams: AdministrationVerb<'mergeTeams'> = (input, { facts: { catalogue } }) => {
  const { teamId, intoTeamId } = input;
  const loser = catalogue.team(teamId);
  const fields = { loser: 'teamId', winner: 'intoTeamId' };
  const verdict = mergeable('TEAM', loser, catalogue.team(intoTeamId), fields);
  if (verdict === 'already') return nothingHappened;
  if (verdict !== 'yes') return verdict;
  return happened({ type: 'TEAM_MERGED', payload: { teamId, name: loser?.name ?? '', intoTeamId } });
};

/** Puts a member of the organization into a team. */
export const addTeamMember: AdministrationVerb<'addTeamMember'> = ({ teamId, userId }, { facts }) => {
  const refusal = unchangeable('TEAM', facts.catalogue.team(teamId), 'teamId');
  if (refusal !== null) return refusal;
  if (facts.memberRole(userId) === undefined) return noMember;
  if (facts.catalogue.isTeamMember(teamId, userId)) return nothingHappened;
  return happened({ type: 'TEAM_MEMBER_ADDED', payload: { teamId, userId } });
};

/** Takes a member out of a team; who is not in it stays so. */
export const removeTeamMember: AdministrationVerb<'removeTeamMember'> = ({ teamId, userId }, { facts }) => {
  const refusal = unchangeable('TEAM', facts.catalogue.team(teamId), 'teamId');
  if (refusal !== null) return refusal;
  if (facts.memberRole(userId) === undefined) return noMember;
  if (!facts.catalogue.isTeamMember(teamId, userId)) return nothingHappened;
  return happened({ type: 'TEAM_MEMBER_REMOVED', payload: { teamId, userId } });
};

/** A Slack channel by name or id; undefined when it was not given. */
function channelOf(check: InputCheck, given: string | null | undefined): string | null | undefined {
  if (given === undefined) return undefined;
  const channel = check.optionalText('slackChannel', given, 80);
  if (channel !== null && channel !== '' && !/^#?[^\s#@,]+$/.test(channel)) {
    check.note('slackChannel', 'The name or id of one channel is expected, e.g. #payments.');
  }
  return channel;
}
