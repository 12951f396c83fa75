import type { CaseIds } from './mutationCase.ts';

/** One mutation on the organization, done right and wrong. */
export interface OrganizationCase {
  readonly input: (ids: CaseIds) => Record<string, unknown>;
  readonly event: string;
  readonly invalid: { readonly input: Record<string, unknown>; readonly paths: readonly string[] } | null;
}

/** Every mutation on the organization; all need ORG_ADMIN and the scope ADMIN. */
export const organizationCases: Readonly<Record<string, OrganizationCase>> = {
  setSlaPolicy: {
    input: () => ({ targets: [{ severity: 'SEV1', acknowledgeWithinMinutes: 5, resolveWithinMinutes: 60 }] }),
    event: 'ORGANIZATION_POLICY_CHANGED',
    invalid: {
      input: {
        targets: [
          { severity: 'SEV1', acknowledgeWithinMinutes: 0, resolveWithinMinutes: 60, atRiskPercent: 100 },
          { severity: 'SEV1', acknowledgeWithinMinutes: 5, resolveWithinMinutes: 60 },
        ],
      },
      paths: ['targets.0.acknowledgeWithinMinutes', 'targets.0.atRiskPercent', 'targets.1.severity'],
    },
  },
  setEscalationRules: {
    input: () => ({ rules: [{ name: 'page', reason: 'NO_ACK', afterMinutes: 3, target: 'ON_CALL' }] }),
    event: 'ORGANIZATION_POLICY_CHANGED',
    invalid: {
      input: { rules: [{ name: '', reason: 'NO_ACK', afterMinutes: -1, target: 'ON_CALL' }] },
      paths: ['rules.0.name', 'rules.0.afterMinutes'],
    },
  },
  setWorkflowPolicy: {
    input: () => ({ gates: [{ gate: 'ROOT_CAUSE', required: false }], overdueAfterMinutes: 30 }),
    event: 'ORGANIZATION_POLICY_CHANGED',
    invalid: { input: { overdueAfterMinutes: 0 }, paths: ['overdueAfterMinutes'] },
  },
  setAutoResolvePolicy: {
    input: () => ({ autoResolve: { staleAfterHours: null, silenceMinutes: 10 } }),
    event: 'ORGANIZATION_POLICY_CHANGED',
    invalid: {
      input: { autoResolve: { staleAfterHours: 0, silenceMinutes: 0 } },
      paths: ['autoResolve.staleAfterHours', 'autoResolve.silenceMinutes'],
    },
  },
  setRunPolicy: {
    input: () => ({
      thresholds: [{ severity: 'SEV2', errors: 5, targets: 1 }],
      sources: [{ source: 'reminders', thresholds: [] }],
    }),
    event: 'ORGANIZATION_POLICY_CHANGED',
    invalid: {
      input: {
        thresholds: [{ severity: 'SEV2', errors: 0, targets: 0 }],
        sources: [{ source: '', thresholds: [] }],
      },
      paths: ['thresholds.0.errors', 'thresholds.0.targets', 'sources.0.source'],
    },
  },
  setSessionGatePolicy: {
    input: () => ({ enabled: true, afterMinutes: 90, severities: ['SEV2', 'SEV1'] }),
    event: 'ORGANIZATION_POLICY_CHANGED',
    invalid: {
      input: { afterMinutes: 0, severities: [] },
      paths: ['afterMinutes', 'severities'],
    },
  },
  setAccessLogPolicy: {
    input: () => ({ logIncidentReads: true }),
    event: 'ORGANIZATION_POLICY_CHANGED',
    invalid: null,
  },
  setMaintenanceWindows: {
    input: () => ({
      windows: [
        {
          name: 'nightly',
          effect: 'SUPPRESS',
          environments: ['staging'],
          recurring: { days: ['MONDAY'], startsAt: '02:00', durationMinutes: 60, timeZone: 'Europe/Paris' },
        },
      ],
    }),
    event: 'ORGANIZATION_POLICY_CHANGED',
    invalid: {
      input: {
        windows: [
          { name: '', effect: 'SUPPRESS', from: '2026-03-02T00:00:00Z', until: '2026-03-01T00:00:00Z' },
          { name: 'a', effect: 'SUPPRESS' },
          {
            name: 'b',
            effect: 'SUPPRESS',
            recurring: { days: [], startsAt: '24:00', durationMinutes: 0, timeZone: 'Nowhere/City' },
          },
          {
            name: 'c',
            effect: 'SUPPRESS',
            recurring: { days: ['MONDAY'], startsAt: '02:00', durationMinutes: 60, timeZone: '+05:30' },
          },
        ],
      },
      paths: [
        'windows.0.name',
        'windows.0.until',
        'windows.1',
        'windows.2.recurring.days',
        'windows.2.recurring.startsAt',
        'windows.2.recurring.timeZone',
        'windows.2.recurring.durationMinutes',
        'windows.3.recurring.timeZone',
      ],
    },
  },
  setDetectionRules: {
    input: () => ({
      rules: [
        { name: 'noise', sources: ['test*'], outcome: 'DROP' },
        {
          name: 'pay',
          services: ['Checkout'],
          outcome: 'DECLARE',
          severity: 'SEV2',
          title: '{service}: {summary}',
        },
      ],
    }),
    event: 'ORGANIZATION_POLICY_CHANGED',
    invalid: {
      input: {
        rules: [
          { name: '', outcome: 'DROP', tags: ['noise'] },
          {
            name: 'a',
            outcome: 'DECLARE',
            title: '{what}',
            text: [' '],
            labels: [{ name: 'a', pattern: '' }],
          },
        ],
      },
      paths: [
        'rules.0.name',
        'rules.0.outcome',
        'rules.1.labels.0.pattern',
        'rules.1.text.0',
        'rules.1.title',
      ],
    },
  },
  setActionWebhook: {
    input: () => ({ source: 'reminders', url: 'https://reminders.example.com/actions' }),
    event: 'ORGANIZATION_POLICY_CHANGED',
    invalid: {
      input: { source: ' ', url: 'https://me:secret@example.com' },
      paths: ['source', 'url'],
    },
  },
  rotateActionWebhookSecret: {
    input: () => ({ source: 'imports', overlapMinutes: 60 }),
    event: 'ORGANIZATION_POLICY_CHANGED',
    invalid: { input: { source: 'imports', overlapMinutes: -1 }, paths: ['overlapMinutes'] },
  },
  removeActionWebhook: {
    input: () => ({ source: 'imports' }),
    event: 'ORGANIZATION_POLICY_CHANGED',
    invalid: null,
  },
  createApiKey: {
    input: () => ({ name: 'CI', role: 'MEMBER', scopes: ['READ', 'RESPOND'] }),
    event: 'API_KEY_CREATED',
    invalid: {
      input: { name: '', role: 'MEMBER', scopes: ['INGEST', 'READ'], expiresAt: '2020-01-01T00:00:00Z' },
      paths: ['name', 'scopes', 'expiresAt'],
    },
  },
  revokeApiKey: {
    input: ({ apiKeyId }) => ({ apiKeyId }),
    event: 'API_KEY_REVOKED',
    invalid: null,
  },
  rotateApiKey: {
    input: ({ apiKeyId }) => ({ apiKeyId, overlapMinutes: 60 }),
    event: 'API_KEY_ROTATED',
    invalid: null,
  },
  setIngestConfiguration: {
    input: ({ apiKeyId }) => ({ apiKeyId, source: 'shop', defaultSeverity: 'SEV2' }),
    event: 'API_KEY_INGEST_CONFIGURED',
    invalid: null,
  },
  renameOrganization: {
    input: () => ({ name: 'Here and now' }),
    event: 'ORGANIZATION_RENAMED',
    invalid: { input: { name: ' ' }, paths: ['name'] },
  },
  inviteMember: {
    input: () => ({ email: 'grace@example.com', role: 'MEMBER' }),
    event: 'MEMBER_INVITED',
    invalid: { input: { email: 'nobody', role: 'MEMBER' }, paths: ['email'] },
  },
  revokeInvitation: {
    input: ({ invitationId }) => ({ invitationId }),
    event: 'INVITATION_REVOKED',
    invalid: null,
  },
  changeMemberRole: {
    input: ({ memberId }) => ({ userId: memberId, role: 'SRE_LEAD' }),
    event: 'MEMBER_ROLE_CHANGED',
    invalid: null,
  },
  removeMember: {
    input: ({ memberId }) => ({ userId: memberId }),
    event: 'MEMBER_REMOVED',
    invalid: null,
  },
  createTeam: {
    input: () => ({ name: 'Payments', slackChannel: '#payments' }),
    event: 'TEAM_CREATED',
    invalid: { input: { name: ' ', slackChannel: '#a, #b' }, paths: ['name', 'slackChannel'] },
  },
  updateTeam: {
    input: ({ teamIds }) => ({ teamId: teamIds[0], slackChannel: '#elsewhere' }),
    event: 'TEAM_UPDATED',
    invalid: null,
  },
  mergeTeams: {
    input: ({ teamIds }) => ({ teamId: teamIds[0], intoTeamId: teamIds[1] }),
    event: 'TEAM_MERGED',
    invalid: null,
  },
  addTeamMember: {
    input: ({ teamIds, memberId }) => ({ teamId: teamIds[1], userId: memberId }),
    event: 'TEAM_MEMBER_ADDED',
    invalid: null,
  },
  removeTeamMember: {
    input: ({ teamIds, memberId }) => ({ teamId: teamIds[0], userId: memberId }),
    event: 'TEAM_MEMBER_REMOVED',
    invalid: null,
  },
  createService: {
    input: () => ({ name: 'Checkout', tier: 1, runbook: 'runbooks/checkout.md' }),
    event: 'SERVICE_CREATED',
    invalid: {
      input: { name: '', tier: 5, runbook: 'x'.repeat(501), ownerTeam: 'Nobody knows them' },
      paths: ['name', 'tier', 'runbook', 'ownerTeam'],
    },
  },
  updateService: {
    input: ({ serviceIds }) => ({ serviceId: serviceIds[0], tier: 2 }),
    event: 'SERVICE_UPDATED',
    invalid: null,
  },
  mergeServices: {
    input: ({ serviceIds }) => ({ serviceId: serviceIds[0], intoServiceId: serviceIds[1] }),
    event: 'SERVICE_MERGED',
    invalid: null,
  },
  createProject: {
    input: () => ({ name: 'Shop' }),
    event: 'PROJECT_CREATED',
    invalid: { input: { name: 'x'.repeat(101) }, paths: ['name'] },
  },
  updateProject: {
    input: ({ projectIds }) => ({ projectId: projectIds[0], name: 'Another name' }),
    event: 'PROJECT_UPDATED',
    invalid: null,
  },
  mergeProjects: {
    input: ({ projectIds }) => ({ projectId: projectIds[0], intoProjectId: projectIds[1] }),
    event: 'PROJECT_MERGED',
    invalid: null,
  },
};
