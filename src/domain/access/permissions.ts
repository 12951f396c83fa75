import type { AdministrationCommandName } from '../administration/commands.ts';
import type { IncidentCommandName } from '../incident/commands.ts';
import type { Refusal } from '../refusal.ts';
import type { ActorKind, ApiKeyScope, MemberRole } from './actor.ts';
import { hasRole } from './hasRole.ts';

/**
 * Everything that can be asked for besides commands: queries, subscriptions, what other systems call, founding, and what
 * a person does to their own sessions.
 */
const otherOperations = [
  'viewer',
  'node',
  'nodes',
  'incident',
  'incidents',
  'incidentEvents',
  'incidentChanged',
  'incidentEscalated',
  'slaBreached',
  'administrationEvents',
  'signals',
  'signalsByCorrelationKey',
  'changes',
  'reportedErrors',
  'incidentByErrorId',
  'incidentsByKeys',
  'runs',
  'runsHead',
  'runsReported',
  'bulkAction',
  'bulkActionProgress',
  'mutedTargets',
  'members',
  'invitations',
  'teams',
  'services',
  'projects',
  'apiKeys',
  'actionWebhooks',
  'previewMapping',
  'deadLetters',
  'policy',
  'policyHistory',
  'platformTimeline',
  'lostSignals',
  'previewRules',
  'ledgerHead',
  'administrationLedgerHead',
  'escalationPreview',
  'incidentStats',
  'accessLog',
  'sessionGate',
  'sessionGateChanged',
  'sessionGateOfOthers',
  'gate',
  'createOrganization',
  'revokeSession',
  'revokeOtherSessions',
  'replayDeadLetter',
  'discardDeadLetter',
] as const;

/** The name of a query, mutation, subscription, command, or door of another system. */
export type OperationName =
  | (typeof otherOperations)[number]
  | IncidentCommandName
  | AdministrationCommandName;

/** Who may do something. */
export interface Permission {
  /**
   * The lowest member role that may. PERSON: whoever is signed in, a member or not; what they hold (an invitation's
   * token) decides. SUPERADMIN: above every organization. Null: nobody but Warroom itself.
   */
  readonly role: MemberRole | 'PERSON' | 'SUPERADMIN' | null;
  /** The scopes of which one is enough. */
  readonly scopes: readonly ApiKeyScope[];
  /** Whether a connector may do it for an INTEGRATION, whose own scope is INGEST. */
  readonly connector?: true;
}

const reads: Permission = { role: 'VIEWER', scopes: ['READ'] };
const contributes: Permission = { role: 'MEMBER', scopes: ['RESPOND'] };
const responds: Permission = { role: 'ONCALL_ENGINEER', scopes: ['RESPOND'] };
const leads: Permission = { role: 'SRE_LEAD', scopes: ['RESPOND'] };
const administers: Permission = { role: 'ORG_ADMIN', scopes: ['ADMIN'] };
/** It comes before any membership, so no role of one can allow it; INGEST and GATE keys, and all others, may not. */
const person: Permission = { role: 'PERSON', scopes: [] };
const superadmin: Permission = { role: 'SUPERADMIN', scopes: ['ADMIN'] };
const systemOnly: Permission = { role: null, scopes: [] };
const connector = { connector: true } as const;

/**
 * Every operation and who may do it; the one table that commands, queries and subscriptions are checked against.
 * Source: rules.md, Roles.
 */
export const permissions: Readonly<Record<OperationName, Permission>> = {
  // Whoever holds a credential may ask what it is good for.
  viewer: { role: 'VIEWER', scopes: ['READ', 'RESPOND', 'ADMIN'] },
  node: reads,
  nodes: reads,
  incident: reads,
  incidents: reads,
  incidentEvents: reads,
  incidentChanged: reads,
  incidentEscalated: reads,
  slaBreached: reads,
  signals: reads,
  signalsByCorrelationKey: reads,
  changes: reads,
  reportedErrors: reads,
  incidentByErrorId: reads,
  incidentsByKeys: reads,
  runs: reads,
  runsHead: reads,
  runsReported: reads,
  bulkAction: reads,
  bulkActionProgress: reads,
  mutedTargets: reads,
  ledgerHead: reads,
  escalationPreview: reads,
  incidentStats: reads,
  members: { role: 'VIEWER', scopes: ['READ', 'ADMIN'] },
  policy: { role: 'VIEWER', scopes: ['READ', 'ADMIN'] },
  policyHistory: { role: 'VIEWER', scopes: ['READ', 'ADMIN'] },
  platformTimeline: reads,
  lostSignals: reads,
  // It says what the policy's rules make of something: whoever may read the policy may ask.
  previewRules: { role: 'VIEWER', scopes: ['READ', 'ADMIN'] },
  administrationEvents: administers,
  administrationLedgerHead: administers,
  invitations: administers,
  teams: { role: 'VIEWER', scopes: ['READ', 'ADMIN'] },
  services: { role: 'VIEWER', scopes: ['READ', 'ADMIN'] },
  projects: { role: 'VIEWER', scopes: ['READ', 'ADMIN'] },
  apiKeys: administers,
  actionWebhooks: administers,
  previewMapping: administers,
  deadLetters: administers,
  accessLog: administers,
  // One's own; another's is for administrators, and for whoever may ask at the gate itself.
  sessionGate: { role: 'VIEWER', scopes: ['READ', 'RESPOND', 'ADMIN'] },
  sessionGateChanged: { role: 'VIEWER', scopes: ['READ', 'RESPOND', 'ADMIN'] },
  sessionGateOfOthers: administers,
  gate: { role: 'VIEWER', scopes: ['GATE'] },

  declareIncident: { ...contributes, ...connector },
  addIncidentNote: { ...contributes, ...connector },
  addIncidentTag: { ...contributes, ...connector },
  removeIncidentTag: { ...contributes, ...connector },
  linkIncidentTicket: contributes,
  unlinkIncidentTicket: contributes,
  addIncidentAction: contributes,
  attachSignal: { ...contributes, ...connector },
  recordSloViolation: contributes,
  escalateIncident: { ...contributes, ...connector },
  editIncidentNotes: contributes,

  runBulkAction: responds,
  cancelBulkAction: responds,
  updateIncident: responds,
  acknowledgeIncident: { ...responds, ...connector },
  unacknowledgeIncident: { ...responds, ...connector },
  snoozeIncident: { ...responds, ...connector },
  changeIncidentStatus: responds,
  recordRootCause: responds,
  verifyRootCause: responds,
  resolveIncident: { ...responds, ...connector },
  closeIncident: responds,
  reopenIncident: { ...responds, ...connector },
  assignIncident: { ...responds, ...connector },
  assignIncidentRole: responds,
  setAffectedServices: responds,
  // It says which alerts are one matter, and loses nothing: merging the two takes it back.
  splitSignal: responds,

  changeIncidentSeverity: { ...leads, ...connector },
  cancelIncident: leads,
  // Like cancelling it is final, and it may raise the severity of the other.
  mergeIncidents: leads,
  setTimelineVisibility: leads,

  receiveSignals: { role: 'MEMBER', scopes: ['INGEST'], ...connector },
  // What machines report, and nobody else: an INGEST key acts as an INTEGRATION, which may raise severity and reopen.
  reportErrors: { role: 'MEMBER', scopes: ['INGEST'], ...connector },
  reportRuns: { role: 'MEMBER', scopes: ['INGEST'], ...connector },
  syncIncidents: { role: 'MEMBER', scopes: ['INGEST'], ...connector },
  finishBulkAction: systemOnly,
  fireDeadlines: systemOnly,
  replanIncident: systemOnly,

  setSlaPolicy: administers,
  setEscalationRules: administers,
  setWorkflowPolicy: administers,
  setAutoResolvePolicy: administers,
  setSessionGatePolicy: administers,
  setRunPolicy: administers,
  setAccessLogPolicy: administers,
  setDetectionRules: administers,
  setMaintenanceWindows: administers,
  setActionWebhook: administers,
  removeActionWebhook: administers,
  rotateActionWebhookSecret: administers,
  // A SUPERADMIN acts as ORG_ADMIN; it is written for them, and nobody asks for it.
  recordSuperadminAct: administers,
  createApiKey: administers,
  revokeApiKey: administers,
  rotateApiKey: administers,
  setIngestConfiguration: administers,
  renameOrganization: administers,
  inviteMember: administers,
  revokeInvitation: administers,
  removeMember: administers,
  changeMemberRole: administers,
  createTeam: administers,
  updateTeam: administers,
  mergeTeams: administers,
  addTeamMember: administers,
  removeTeamMember: administers,
  createService: administers,
  updateService: administers,
  mergeServices: administers,
  createProject: administers,
  updateProject: administers,
  mergeProjects: administers,
  acceptInvitation: person,
  revokeSession: person,
  revokeOtherSessions: person,
  replayDeadLetter: administers,
  discardDeadLetter: administers,
  createOrganization: superadmin,
  approvePlatformEvent: superadmin,
  withdrawPlatformEvent: superadmin,
  foundOrganization: systemOnly,
  grantSuperadmin: systemOnly,
  revokeSuperadmin: systemOnly,
};

/** What a permission is checked against; a {@link Principal}'s actor and scopes. */
export interface PrincipalLike {
  readonly kind: ActorKind;
  readonly role: MemberRole | null;
  readonly scopes: readonly ApiKeyScope[];
  readonly superadmin?: boolean;
}

/**
 * Null when this principal may do this, else the refusal that names the role or scope that could. A key's permission
 * is its role ∩ its scopes. SYSTEM may do everything. An INTEGRATION's own scope opens `receiveSignals` and reports only; what
 * its connectors may do for it beyond that counts when `door` is 'connector', where its scope has been checked.
 */
export function authorize(
  operation: OperationName,
  { kind, role, scopes, superadmin: isSuperadmin }: PrincipalLike,
  door: 'api' | 'connector' = 'api',
): Refusal | null {
  if (kind === 'SYSTEM') return null;
  const permission = permissions[operation];
  if (permission.role === null) return forbidden('Only Warroom itself does this.', null, null);
  if (permission.role === 'PERSON') {
    return kind === 'USER' ? null : forbidden('Only a person who is signed in can do this.', null, null);
  }
  if (kind === 'INTEGRATION' && door === 'connector' && permission.connector) {
    // A connector does for its key what its format says, whatever on-call role a person would need for that.
    if (!scopes.includes('INGEST')) return needsScope('INGEST');
    return hasRole(role, 'MEMBER') ? null : needsRole('MEMBER');
  }
  if (!permission.scopes.some((scope) => scopes.includes(scope))) {
    const [scope] = permission.scopes;
    return scope === undefined ? forbidden('Nobody may do this.', null, null) : needsScope(scope);
  }
  if (permission.role === 'SUPERADMIN') {
    return isSuperadmin === true
      ? null
      : forbidden('Only a superadmin of this installation may do this.', null, null);
  }
  if (role === null) {
    const message = 'You belong to no organization yet. Ask an administrator of one to invite you.';
    return forbidden(message, permission.role, null);
  }
  return hasRole(role, permission.role) ? null : needsRole(permission.role);
}

function needsRole(role: MemberRole): Refusal {
  return forbidden(`This needs the role ${role} or higher.`, role, null);
}

function needsScope(scope: ApiKeyScope): Refusal {
  return forbidden(`This needs a credential of scope ${scope}.`, null, scope);
}

function forbidden(
  message: string,
  requiredRole: MemberRole | null,
  requiredScope: ApiKeyScope | null,
): Refusal {
  return { kind: 'ForbiddenError', code: 'FORBIDDEN', message, requiredRole, requiredScope };
}
