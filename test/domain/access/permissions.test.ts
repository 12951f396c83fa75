import { describe, expect, it } from 'vitest';
import { type ApiKeyScope, type MemberRole, memberRoles } from '../../../src/domain/access/actor.ts';
import {
  authorize,
  type OperationName,
  type PrincipalLike,
  permissions,
} from '../../../src/domain/access/permissions.ts';

const all: readonly ApiKeyScope[] = ['READ', 'RESPOND', 'ADMIN'];
const user = (role: MemberRole): PrincipalLike => ({ kind: 'USER', role, scopes: all });
const keyOf = (role: MemberRole, ...scopes: ApiKeyScope[]): PrincipalLike => ({
  kind: 'API_KEY',
  role,
  scopes,
});
const integration: PrincipalLike = { kind: 'INTEGRATION', role: 'MEMBER', scopes: ['INGEST'] };

/** The lowest role for each operation, as rules.md says it; null: nobody but Warroom itself. */
const lowest: Record<OperationName, MemberRole | 'PERSON' | 'SUPERADMIN' | null> = {
  viewer: 'VIEWER',
  node: 'VIEWER',
  nodes: 'VIEWER',
  incident: 'VIEWER',
  incidents: 'VIEWER',
  incidentEvents: 'VIEWER',
  incidentChanged: 'VIEWER',
  incidentEscalated: 'VIEWER',
  slaBreached: 'VIEWER',
  signals: 'VIEWER',
  signalsByCorrelationKey: 'VIEWER',
  changes: 'VIEWER',
  reportedErrors: 'VIEWER',
  incidentByErrorId: 'VIEWER',
  incidentsByKeys: 'VIEWER',
  runs: 'VIEWER',
  runsHead: 'VIEWER',
  runsReported: 'VIEWER',
  bulkAction: 'VIEWER',
  bulkActionProgress: 'VIEWER',
  mutedTargets: 'VIEWER',
  runBulkAction: 'ONCALL_ENGINEER',
  cancelBulkAction: 'ONCALL_ENGINEER',
  finishBulkAction: null,
  members: 'VIEWER',
  policy: 'VIEWER',
  ledgerHead: 'VIEWER',
  escalationPreview: 'VIEWER',
  incidentStats: 'VIEWER',
  gate: 'VIEWER',
  sessionGate: 'VIEWER',
  sessionGateChanged: 'VIEWER',
  sessionGateOfOthers: 'ORG_ADMIN',
  administrationEvents: 'ORG_ADMIN',
  administrationLedgerHead: 'ORG_ADMIN',
  apiKeys: 'ORG_ADMIN',
  accessLog: 'ORG_ADMIN',
  invitations: 'ORG_ADMIN',
  teams: 'VIEWER',
  services: 'VIEWER',
  projects: 'VIEWER',
  declareIncident: 'MEMBER',
  addIncidentNote: 'MEMBER',
  editIncidentNotes: 'MEMBER',
  addIncidentAction: 'MEMBER',
  attachSignal: 'MEMBER',
  addIncidentTag: 'MEMBER',
  removeIncidentTag: 'MEMBER',
  linkIncidentTicket: 'MEMBER',
  unlinkIncidentTicket: 'MEMBER',
  escalateIncident: 'MEMBER',
  recordSloViolation: 'MEMBER',
  receiveSignals: 'MEMBER',
  reportErrors: 'MEMBER',
  reportRuns: 'MEMBER',
  syncIncidents: 'MEMBER',
  acknowledgeIncident: 'ONCALL_ENGINEER',
  unacknowledgeIncident: 'ONCALL_ENGINEER',
  snoozeIncident: 'ONCALL_ENGINEER',
  changeIncidentStatus: 'ONCALL_ENGINEER',
  recordRootCause: 'ONCALL_ENGINEER',
  verifyRootCause: 'ONCALL_ENGINEER',
  resolveIncident: 'ONCALL_ENGINEER',
  closeIncident: 'ONCALL_ENGINEER',
  reopenIncident: 'ONCALL_ENGINEER',
  splitSignal: 'ONCALL_ENGINEER',
  assignIncident: 'ONCALL_ENGINEER',
  assignIncidentRole: 'ONCALL_ENGINEER',
  updateIncident: 'ONCALL_ENGINEER',
  setAffectedServices: 'ONCALL_ENGINEER',
  changeIncidentSeverity: 'SRE_LEAD',
  cancelIncident: 'SRE_LEAD',
  mergeIncidents: 'SRE_LEAD',
  setTimelineVisibility: 'SRE_LEAD',
  setSlaPolicy: 'ORG_ADMIN',
  setEscalationRules: 'ORG_ADMIN',
  setWorkflowPolicy: 'ORG_ADMIN',
  setAutoResolvePolicy: 'ORG_ADMIN',
  setSessionGatePolicy: 'ORG_ADMIN',
  setRunPolicy: 'ORG_ADMIN',
  setAccessLogPolicy: 'ORG_ADMIN',
  recordSuperadminAct: 'ORG_ADMIN',
  grantSuperadmin: null,
  revokeSuperadmin: null,
  createApiKey: 'ORG_ADMIN',
  revokeApiKey: 'ORG_ADMIN',
  rotateApiKey: 'ORG_ADMIN',
  setIngestConfiguration: 'ORG_ADMIN',
  previewMapping: 'ORG_ADMIN',
  deadLetters: 'ORG_ADMIN',
  replayDeadLetter: 'ORG_ADMIN',
  discardDeadLetter: 'ORG_ADMIN',
  renameOrganization: 'ORG_ADMIN',
  inviteMember: 'ORG_ADMIN',
  revokeInvitation: 'ORG_ADMIN',
  removeMember: 'ORG_ADMIN',
  changeMemberRole: 'ORG_ADMIN',
  createTeam: 'ORG_ADMIN',
  updateTeam: 'ORG_ADMIN',
  mergeTeams: 'ORG_ADMIN',
  addTeamMember: 'ORG_ADMIN',
  removeTeamMember: 'ORG_ADMIN',
  createService: 'ORG_ADMIN',
  updateService: 'ORG_ADMIN',
  mergeServices: 'ORG_ADMIN',
  createProject: 'ORG_ADMIN',
  updateProject: 'ORG_ADMIN',
  mergeProjects: 'ORG_ADMIN',
  acceptInvitation: 'PERSON',
  revokeSession: 'PERSON',
  revokeOtherSessions: 'PERSON',
  createOrganization: 'SUPERADMIN',
  approvePlatformEvent: 'SUPERADMIN',
  withdrawPlatformEvent: 'SUPERADMIN',
  platformTimeline: 'VIEWER',
  policyHistory: 'VIEWER',
  setDetectionRules: 'ORG_ADMIN',
  setMaintenanceWindows: 'ORG_ADMIN',
  setActionWebhook: 'ORG_ADMIN',
  removeActionWebhook: 'ORG_ADMIN',
  rotateActionWebhookSecret: 'ORG_ADMIN',
  actionWebhooks: 'ORG_ADMIN',
  lostSignals: 'VIEWER',
  previewRules: 'VIEWER',
  foundOrganization: null,
  fireDeadlines: null,
  replanIncident: null,
};

const operations = Object.keys(permissions) as OperationName[];

describe('roles', () => {
  it.each(operations)('%s: the role named in rules.md and every higher one, no lower one', (operation) => {
    const wanted = lowest[operation];
    for (const role of memberRoles) {
      const principal: PrincipalLike = { kind: 'USER', role, scopes: [...all, 'INGEST', 'GATE'] };
      const allowed =
        wanted === 'PERSON' ||
        (wanted !== null &&
          wanted !== 'SUPERADMIN' &&
          memberRoles.indexOf(role) <= memberRoles.indexOf(wanted));
      expect(authorize(operation, principal) === null).toBe(allowed);
    }
  });

  it('the refusal names the role that may', () => {
    expect(authorize('cancelIncident', user('MEMBER'))).toMatchObject({
      kind: 'ForbiddenError',
      requiredRole: 'SRE_LEAD',
      requiredScope: null,
    });
  });

  it('what precedes membership is for whoever is signed in, whatever they are, and for no key', () => {
    const stranger: PrincipalLike = { kind: 'USER', role: null, scopes: all };
    const allowed = operations.filter((operation) => authorize(operation, stranger) === null);
    expect(allowed).toEqual(['acceptInvitation', 'revokeSession', 'revokeOtherSessions']);
    const key = keyOf('ORG_ADMIN', ...all, 'INGEST', 'GATE');
    expect(authorize('acceptInvitation', key)).toMatchObject({ kind: 'ForbiddenError', requiredRole: null });
  });

  it('a superadmin founds organizations, an administrator does not', () => {
    expect(authorize('createOrganization', user('ORG_ADMIN'))).toMatchObject({ kind: 'ForbiddenError' });
    expect(authorize('createOrganization', { ...user('ORG_ADMIN'), superadmin: true })).toBeNull();
    expect(
      authorize('createOrganization', { ...user('ORG_ADMIN'), scopes: ['READ'], superadmin: true }),
    ).toMatchObject({ requiredScope: 'ADMIN' });
  });

  it('SYSTEM may do everything', () => {
    const system: PrincipalLike = { kind: 'SYSTEM', role: null, scopes: [] };
    expect(operations.filter((operation) => authorize(operation, system) !== null)).toEqual([]);
  });
});

describe('scopes', () => {
  it('a permission is role ∩ scopes', () => {
    expect(authorize('acknowledgeIncident', keyOf('ORG_ADMIN', 'READ'))).toMatchObject({
      requiredScope: 'RESPOND',
    });
    expect(authorize('acknowledgeIncident', keyOf('VIEWER', 'RESPOND'))).toMatchObject({
      requiredRole: 'ONCALL_ENGINEER',
    });
    expect(authorize('acknowledgeIncident', keyOf('ONCALL_ENGINEER', 'RESPOND'))).toBeNull();
    expect(authorize('incidents', keyOf('ORG_ADMIN', 'RESPOND'))).toMatchObject({ requiredScope: 'READ' });
  });

  it('ADMIN covers policies, keys, members and the administration ledger', () => {
    const admin = keyOf('ORG_ADMIN', 'ADMIN');
    for (const operation of [
      'policy',
      'members',
      'apiKeys',
      'administrationEvents',
      'setSlaPolicy',
    ] as const) {
      expect(authorize(operation, admin)).toBeNull();
    }
    expect(authorize('incidents', admin)).not.toBeNull();
    expect(authorize('apiKeys', keyOf('ORG_ADMIN', 'READ'))).toMatchObject({ requiredScope: 'ADMIN' });
  });

  it('GATE opens the gate and nothing else', () => {
    const allowed = operations.filter(
      (operation) => authorize(operation, keyOf('ORG_ADMIN', 'GATE')) === null,
    );
    expect(allowed).toEqual(['gate']);
  });

  it('INGEST opens connectors and what machines report, and nothing else', () => {
    const allowed = operations.filter((operation) => authorize(operation, integration) === null);
    expect(allowed).toEqual(['receiveSignals', 'reportErrors', 'reportRuns', 'syncIncidents']);
    // Nobody else reports: they would raise severity and reopen, which takes a role for them.
    for (const operation of allowed) {
      expect(authorize(operation, user('ORG_ADMIN'))).toMatchObject({ requiredScope: 'INGEST' });
      expect(authorize(operation, keyOf('ORG_ADMIN', ...all))).toMatchObject({ requiredScope: 'INGEST' });
    }
  });

  it('through a connector an INTEGRATION may do what rules.md lists', () => {
    const allowed = operations.filter((operation) => authorize(operation, integration, 'connector') === null);
    expect(allowed.sort()).toEqual(
      [
        'acknowledgeIncident',
        'addIncidentNote',
        'addIncidentTag',
        'assignIncident',
        'attachSignal',
        'changeIncidentSeverity',
        'declareIncident',
        'escalateIncident',
        'receiveSignals',
        'removeIncidentTag',
        'reopenIncident',
        'reportErrors',
        'reportRuns',
        'resolveIncident',
        'snoozeIncident',
        'syncIncidents',
        'unacknowledgeIncident',
      ].sort(),
    );
    expect(authorize('receiveSignals', { ...integration, role: 'VIEWER' })).toMatchObject({
      requiredRole: 'MEMBER',
    });
  });
});
