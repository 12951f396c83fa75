import { isPerson } from './actor.ts';
import { type OperationName, type PrincipalLike, permissions } from './permissions.ts';

/** Why the access log keeps an operation: it shows or changes who may do what, or it shows incidents. */
export type LoggedAs = 'ADMINISTRATION' | 'INCIDENTS';

/**
 * What the access log keeps each operation as; null: only what a SUPERADMIN does with it. The one table, beside
 * {@link permissions}: an operation without a row does not compile.
 */
export const loggedAs: Readonly<Record<OperationName, LoggedAs | null>> = {
  members: 'ADMINISTRATION',
  invitations: 'ADMINISTRATION',
  apiKeys: 'ADMINISTRATION',
  previewMapping: 'ADMINISTRATION',
  deadLetters: 'ADMINISTRATION',
  policy: 'ADMINISTRATION',
  policyHistory: 'ADMINISTRATION',
  administrationEvents: 'ADMINISTRATION',
  administrationLedgerHead: 'ADMINISTRATION',
  accessLog: 'ADMINISTRATION',
  setSlaPolicy: 'ADMINISTRATION',
  setEscalationRules: 'ADMINISTRATION',
  setWorkflowPolicy: 'ADMINISTRATION',
  setAutoResolvePolicy: 'ADMINISTRATION',
  setAccessLogPolicy: 'ADMINISTRATION',
  setDetectionRules: 'ADMINISTRATION',
  setMaintenanceWindows: 'ADMINISTRATION',
  setActionWebhook: 'ADMINISTRATION',
  removeActionWebhook: 'ADMINISTRATION',
  rotateActionWebhookSecret: 'ADMINISTRATION',
  actionWebhooks: 'ADMINISTRATION',
  previewRules: 'ADMINISTRATION',
  setSessionGatePolicy: 'ADMINISTRATION',
  setRunPolicy: 'ADMINISTRATION',
  createApiKey: 'ADMINISTRATION',
  revokeApiKey: 'ADMINISTRATION',
  rotateApiKey: 'ADMINISTRATION',
  setIngestConfiguration: 'ADMINISTRATION',
  replayDeadLetter: 'ADMINISTRATION',
  discardDeadLetter: 'ADMINISTRATION',
  renameOrganization: 'ADMINISTRATION',
  inviteMember: 'ADMINISTRATION',
  revokeInvitation: 'ADMINISTRATION',
  removeMember: 'ADMINISTRATION',
  changeMemberRole: 'ADMINISTRATION',
  createTeam: 'ADMINISTRATION',
  updateTeam: 'ADMINISTRATION',
  mergeTeams: 'ADMINISTRATION',
  addTeamMember: 'ADMINISTRATION',
  removeTeamMember: 'ADMINISTRATION',
  createService: 'ADMINISTRATION',
  updateService: 'ADMINISTRATION',
  mergeServices: 'ADMINISTRATION',
  createProject: 'ADMINISTRATION',
  updateProject: 'ADMINISTRATION',
  mergeProjects: 'ADMINISTRATION',
  // In the organization they act in; the new one begins with its own entry.
  createOrganization: 'ADMINISTRATION',
  approvePlatformEvent: 'ADMINISTRATION',
  withdrawPlatformEvent: 'ADMINISTRATION',

  incident: 'INCIDENTS',
  incidents: 'INCIDENTS',
  incidentEvents: 'INCIDENTS',
  incidentChanged: 'INCIDENTS',
  incidentEscalated: 'INCIDENTS',
  slaBreached: 'INCIDENTS',
  signals: 'INCIDENTS',
  signalsByCorrelationKey: 'INCIDENTS',
  changes: null,
  reportedErrors: 'INCIDENTS',
  incidentByErrorId: 'INCIDENTS',
  reportErrors: 'INCIDENTS',
  runs: 'INCIDENTS',
  runsReported: 'INCIDENTS',
  bulkAction: 'INCIDENTS',
  bulkActionProgress: 'INCIDENTS',
  mutedTargets: 'INCIDENTS',
  runBulkAction: 'INCIDENTS',
  cancelBulkAction: 'INCIDENTS',
  reportRuns: 'INCIDENTS',
  syncIncidents: 'INCIDENTS',
  incidentsByKeys: 'INCIDENTS',
  escalationPreview: 'INCIDENTS',
  incidentStats: 'INCIDENTS',
  sessionGate: 'INCIDENTS',
  sessionGateChanged: 'INCIDENTS',
  sessionGateOfOthers: 'ADMINISTRATION',
  // Their answers show the incident, also when they change nothing.
  declareIncident: 'INCIDENTS',
  addIncidentNote: 'INCIDENTS',
  addIncidentTag: 'INCIDENTS',
  removeIncidentTag: 'INCIDENTS',
  linkIncidentTicket: 'INCIDENTS',
  unlinkIncidentTicket: 'INCIDENTS',
  addIncidentAction: 'INCIDENTS',
  attachSignal: 'INCIDENTS',
  recordSloViolation: 'INCIDENTS',
  escalateIncident: 'INCIDENTS',
  editIncidentNotes: 'INCIDENTS',
  updateIncident: 'INCIDENTS',
  acknowledgeIncident: 'INCIDENTS',
  unacknowledgeIncident: 'INCIDENTS',
  snoozeIncident: 'INCIDENTS',
  changeIncidentStatus: 'INCIDENTS',
  recordRootCause: 'INCIDENTS',
  verifyRootCause: 'INCIDENTS',
  resolveIncident: 'INCIDENTS',
  closeIncident: 'INCIDENTS',
  reopenIncident: 'INCIDENTS',
  mergeIncidents: 'INCIDENTS',
  splitSignal: 'INCIDENTS',
  assignIncident: 'INCIDENTS',
  assignIncidentRole: 'INCIDENTS',
  setAffectedServices: 'INCIDENTS',
  changeIncidentSeverity: 'INCIDENTS',
  cancelIncident: 'INCIDENTS',
  setTimelineVisibility: 'INCIDENTS',

  viewer: null,
  // Counts say nothing of any incident.
  lostSignals: null,
  // Published: everybody may see it.
  platformTimeline: null,
  // They are of no organization that whoever asks acts in; the one they are of has them in its ledger.
  acceptInvitation: null,
  // Of the person alone, in whatever organization.
  revokeSession: null,
  revokeOtherSessions: null,
  // Names that everybody may see anyway; who is in a team counts as members.
  teams: null,
  services: null,
  projects: null,
  // What is read by its id counts as what shows it: nodesShownBy.
  node: null,
  nodes: null,
  // Sequence, hash and instant of the incidents ledger say nothing of any incident.
  ledgerHead: null,
  runsHead: null,
  // No person asks for these.
  recordSuperadminAct: null,
  gate: null,
  receiveSignals: null,
  finishBulkAction: null,
  fireDeadlines: null,
  replanIncident: null,
  foundOrganization: null,
  grantSuperadmin: null,
  revokeSuperadmin: null,
};

/**
 * Types that show what an operation shows, wherever below a root field they stand: reading one counts as that
 * operation, unless its root field is kept as the same already.
 */
export const typesShownBy: Readonly<Record<string, OperationName>> = {
  Member: 'members',
  TeamMember: 'members',
  Invitation: 'invitations',
  ApiKey: 'apiKeys',
  ActionWebhook: 'actionWebhooks',
  DeadLetter: 'deadLetters',
  MappingPreview: 'previewMapping',
  OrganizationPolicy: 'policy',
  PolicyVersion: 'policyHistory',
  DetectionRule: 'policy',
  MaintenanceWindow: 'policy',
  SignalPreview: 'previewRules',
  ErrorPreview: 'incident',
  AdministrationEvent: 'administrationEvents',
  AccessLogEntry: 'accessLog',
  Incident: 'incident',
  IncidentSnapshot: 'incident',
  IncidentState: 'incident',
  IncidentEvent: 'incidentEvents',
  IncidentEscalated: 'incidentEvents',
  IncidentSlaBreached: 'incidentEvents',
  Signal: 'signals',
  Change: 'changes',
  ErrorOccurrence: 'reportedErrors',
  Run: 'runs',
  RunTarget: 'incident',
  IncidentByKey: 'incident',
  BulkAction: 'bulkAction',
  BulkActionTarget: 'bulkAction',
  MutedTarget: 'mutedTargets',
  IncidentAction: 'incident',
  Escalation: 'incident',
  EscalationStep: 'escalationPreview',
  SloViolation: 'incident',
  FollowUp: 'incident',
  IncidentStats: 'incidentStats',
  SessionGate: 'sessionGate',
};

/** Type of a node → the operation that reading it by its id counts as. An IncidentEvent's is `incidentEvents`. */
export const nodesShownBy: Readonly<Record<string, OperationName>> = {
  ...typesShownBy,
  User: 'members',
  Service: 'node',
  Team: 'node',
  Project: 'node',
};

/**
 * Whether this principal's use of an operation is kept: by SUPERADMIN always; of administration by ORG_ADMIN, and by
 * whoever tries what only an ORG_ADMIN, or a SUPERADMIN as a member, may; of incidents by people, where the policy says `logIncidentReads`.
 */
export function isLogged(
  operation: OperationName,
  principal: PrincipalLike & { readonly superadmin: boolean },
  logIncidentReads: boolean,
): boolean {
  if (principal.superadmin) return true;
  // Who is a member nowhere sees nothing, and there is no organization whose log could say that they tried.
  if (principal.role === null) return false;
  const as = loggedAs[operation];
  if (as === 'INCIDENTS') return logIncidentReads && isPerson(principal);
  if (as === null) return false;
  const lowest = permissions[operation].role;
  return principal.role === 'ORG_ADMIN' || lowest === 'ORG_ADMIN' || lowest === 'SUPERADMIN';
}
