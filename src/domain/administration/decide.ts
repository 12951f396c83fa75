import { createProject, mergeProjects, updateProject } from '../catalogue/projects.ts';
import { createService, mergeServices, updateService } from '../catalogue/services.ts';
import { addTeamMember, createTeam, mergeTeams, removeTeamMember, updateTeam } from '../catalogue/teams.ts';
import { bodyLimit } from '../incident/oversize.ts';
import { refuseField } from '../refuse.ts';
import { acceptInvitation } from './acceptInvitation.ts';
import { removeActionWebhook, rotateActionWebhookSecret, setActionWebhook } from './actionWebhooks.ts';
import { approvePlatformEvent } from './approvePlatformEvent.ts';
import { changeMemberRole } from './changeMemberRole.ts';
import type { AdministrationCommand, AdministrationCommandName } from './commands.ts';
import { createApiKey } from './createApiKey.ts';
import type { AdministrationContext, AdministrationDecision, AdministrationVerb } from './decision.ts';
import type { AdministrationEvent } from './events.ts';
import { foundOrganization } from './foundOrganization.ts';
import { grantSuperadmin } from './grantSuperadmin.ts';
import { inviteMember } from './inviteMember.ts';
import { recordSuperadminAct } from './recordSuperadminAct.ts';
import { removeMember } from './removeMember.ts';
import { renameOrganization } from './renameOrganization.ts';
import { revokeApiKey } from './revokeApiKey.ts';
import { revokeInvitation } from './revokeInvitation.ts';
import { revokeSuperadmin } from './revokeSuperadmin.ts';
import { rotateApiKey } from './rotateApiKey.ts';
import { setAccessLogPolicy } from './setAccessLogPolicy.ts';
import { setAutoResolvePolicy } from './setAutoResolvePolicy.ts';
import { setDetectionRules } from './setDetectionRules.ts';
import { setEscalationRules } from './setEscalationRules.ts';
import { setIngestConfiguration } from './setIngestConfiguration.ts';
import { setMaintenanceWindows } from './setMaintenanceWindows.ts';
import { setRunPolicy } from './setRunPolicy.ts';
import { setSessionGatePolicy } from './setSessionGatePolicy.ts';
import { setSlaPolicy } from './setSlaPolicy.ts';
import { setWorkflowPolicy } from './setWorkflowPolicy.ts';
import { stampAdministration } from './stampAdministration.ts';
import { withdrawPlatformEvent } from './withdrawPlatformEvent.ts';

/** Every administration command and the verb that decides it. */
const verbs: { readonly [N in AdministrationCommandName]: AdministrationVerb<N> } = {
  setSlaPolicy,
  setEscalationRules,
  setWorkflowPolicy,
  setAutoResolvePolicy,
  setSessionGatePolicy,
  setRunPolicy,
  setAccessLogPolicy,
  setDetectionRules,
  setMaintenanceWindows,
  setActionWebhook,
  removeActionWebhook,
  rotateActionWebhookSecret,
  recordSuperadminAct,
  grantSuperadmin,
  revokeSuperadmin,
  createApiKey,
  revokeApiKey,
  rotateApiKey,
  setIngestConfiguration,
  renameOrganization,
  inviteMember,
  revokeInvitation,
  acceptInvitation,
  removeMember,
  changeMemberRole,
  createTeam,
  updateTeam,
  mergeTeams,
  addTeamMember,
  removeTeamMember,
  createService,
  updateService,
  mergeServices,
  createProject,
  updateProject,
  mergeProjects,
  approvePlatformEvent,
  withdrawPlatformEvent,
  foundOrganization,
};

/**
 * Decides one command of administration: its events and the policy in force from here on, or the refusal. Pure; it
 * throws for nothing a caller can send.
 */
export function decideAdministration(
  command: AdministrationCommand,
  context: AdministrationContext,
): AdministrationDecision {
  // The table pairs every name with the verb of its own input; TypeScript cannot follow that through an index.
  const verb = verbs[command.name] as AdministrationVerb<AdministrationCommandName>;
  const verdict = verb(command.input, context);
  if (!verdict.ok) return verdict;
  let policy = context.policy;
  for (const fact of verdict.facts) {
    if (fact.type === 'ORGANIZATION_POLICY_CHANGED') policy = fact.payload.policy;
  }
  const events = verdict.facts.map((fact) => stampAdministration(fact, context));
  if (events.some((event) => JSON.stringify(event).length > limitOf(event))) {
    return refuseField(
      [],
      'Together this is too long for one event of the ledger. Shorten names, or join rules.',
    );
  }
  return { ok: true, events, policy };
}

/** The longest body of an event with a whole policy, in UTF-16 units: it is read with every batch of commands. */
const policyBodyLimit = 65_536;

function limitOf({ type }: AdministrationEvent): number {
  return type === 'ORGANIZATION_POLICY_CHANGED' ? policyBodyLimit : bodyLimit;
}
