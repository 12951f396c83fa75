import type { Principal } from '../../src/domain/access/principal.ts';
import type { TestApi } from './testApi.ts';

/** What a mutation answered: the payload's or the error's fields, with the type's name. */
export interface MutationAnswer {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
  readonly sequence?: number;
  readonly events?: readonly { readonly id: string; readonly type: string; readonly sequence: number }[];
  readonly incident?: {
    readonly id: string;
    readonly version: number;
    readonly status: string;
    readonly sequence: number;
  };
  readonly fields?: readonly { readonly path: readonly string[]; readonly message: string }[];
  readonly [more: string]: unknown;
}

const incidentFields = 'id reference version status sequence title severity tags';

const team = 'team { id name aliases slackChannel members { nodes { user { id } since } } }';
const service = 'service { id name aliases ownerTeam { id name } tier runbook }';
const project = 'project { id name aliases }';

/** Every mutation's payload beyond `events` and `sequence`. */
const ownFields: Readonly<Record<string, string>> = {
  createApiKey: 'apiKey { id name prefix role scopes } secret',
  revokeApiKey: 'apiKey { id revokedAt }',
  rotateApiKey: 'apiKey { id prefix overlapEndsAt } secret',
  setIngestConfiguration: 'apiKey { id ingest { version source defaultSeverity } }',
  setSlaPolicy: 'policy { version sla { severity acknowledgeWithinMinutes } }',
  setEscalationRules: 'policy { version escalationRules { name } }',
  setWorkflowPolicy: 'policy { version overdueAfterMinutes }',
  setDetectionRules: 'policy { version detectionRules { name outcome } }',
  runBulkAction: `incident { ${incidentFields} } bulkAction { id status }`,
  setActionWebhook: 'webhook { source url } secret',
  removeActionWebhook: 'source',
  rotateActionWebhookSecret: 'webhook { source url overlapEndsAt } secret',
  setMaintenanceWindows:
    'policy { version maintenanceWindows { name effect activeUntil services { name } } }',
  setAccessLogPolicy: 'policy { version accessLog { logIncidentReads } }',
  setAutoResolvePolicy: 'policy { version autoResolve { staleAfterHours silenceMinutes } }',
  setRunPolicy: 'policy { version runs { thresholds { severity errors targets } sources { source } } }',
  setSessionGatePolicy: 'policy { version sessionGate { enabled afterMinutes severities } }',
  createOrganization: 'organization { slug name }',
  renameOrganization: 'organization { slug name }',
  approvePlatformEvent: 'published',
  withdrawPlatformEvent: 'published',
  inviteMember: 'invitation { id email role status expiresAt } url mail',
  revokeInvitation: 'invitation { id status revokedAt }',
  acceptInvitation: 'organization { slug name } role',
  changeMemberRole: 'member { user { id } role }',
  removeMember: 'user { id name email isMember }',
  createTeam: team,
  updateTeam: team,
  mergeTeams: team,
  addTeamMember: team,
  removeTeamMember: team,
  createService: service,
  updateService: service,
  mergeServices: service,
  createProject: project,
  updateProject: project,
  mergeProjects: project,
};

/** Those whose events are in the ledger of another organization than the one that is asked. */
const withoutEvents = new Set(['createOrganization', 'acceptInvitation']);

/** A document that sends one mutation and reads everything of its answer. */
function mutationDocument(name: string): string {
  const stem = name.charAt(0).toUpperCase() + name.slice(1);
  const own = ownFields[name] ?? `incident { ${incidentFields} }`;
  const onIncident = name !== 'declareIncident' && ownFields[name] === undefined;
  const more = onIncident
    ? '... on InvalidTransitionError { status allowedStatuses actor { kind } at } ... on WorkflowGateError { status missing }'
    : '';
  const conflict = name === 'declareIncident' ? '' : '... on ConflictError { currentVersion }';
  return `mutation($input: ${stem}Input!) { ${name}(input: $input) {
    __typename
    ... on ${stem}Payload { ${own} ${withoutEvents.has(name) ? '' : 'events { id type sequence } sequence'} }
    ... on UserError { code message }
    ... on ForbiddenError { requiredRole requiredScope }
    ... on ValidationError { fields { path message } }
    ${conflict} ${more} ${name === 'inviteMember' ? '... on RateLimitedError { retryAfterSeconds }' : ''}
  } }`;
}

/** Sends one mutation; throws when the answer holds a top-level error. */
export async function mutate(
  api: TestApi,
  principal: Principal,
  name: string,
  input: Record<string, unknown>,
): Promise<MutationAnswer> {
  const { data, errors } = await api.run<Record<string, MutationAnswer>>(principal, mutationDocument(name), {
    input,
  });
  const answer = data?.[name];
  if (errors.length > 0 || answer === undefined) throw new Error(`${name}: ${JSON.stringify(errors)}`);
  return answer;
}

/** An incident freshly declared. */
export async function declare(
  api: TestApi,
  principal: Principal,
  input: Record<string, unknown> = {},
): Promise<{ id: string; sequence: number }> {
  const answer = await mutate(api, principal, 'declareIncident', {
    title: 'Checkout answers 500',
    severity: 'SEV3',
    tags: ['declared'],
    ...input,
  });
  if (answer.incident === undefined) throw new Error(JSON.stringify(answer));
  return { id: answer.incident.id, sequence: answer.sequence as number };
}

const path: Readonly<Record<string, readonly [string, Record<string, unknown>][]>> = {
  REPORTED: [],
  ACKNOWLEDGED: [['acknowledgeIncident', {}]],
  INVESTIGATING: [['changeIncidentStatus', { status: 'INVESTIGATING' }]],
  IDENTIFIED: [
    ['acknowledgeIncident', {}],
    ['recordRootCause', { summary: 'A deploy', category: 'CONFIGURATION', remediationSteps: 'Roll back' }],
  ],
  CANCELLED: [['cancelIncident', { reason: 'A test' }]],
};

/** An incident declared and led to this status. */
export async function incidentIn(
  api: TestApi,
  principal: Principal,
  status: string,
): Promise<{ id: string; sequence: number }> {
  const declared = await declare(api, principal);
  const steps = [...(path[status] ?? path.IDENTIFIED ?? [])];
  if (status === 'RESOLVED' || status === 'CLOSED')
    steps.push(['resolveIncident', { summary: 'Rolled back' }]);
  if (status === 'CLOSED')
    steps.push(['closeIncident', { lessonsLearned: 'Much', noFollowUpsBecause: 'Done' }]);
  for (const [name, input] of steps) {
    const answer = await mutate(api, principal, name, { incidentId: declared.id, ...input });
    if (answer.incident === undefined) throw new Error(`${name}: ${JSON.stringify(answer)}`);
  }
  return declared;
}
