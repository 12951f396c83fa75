import { readFileSync } from 'node:fs';
import {
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isSpecifiedScalarType,
  isUnionType,
  parse,
  validate,
  validateSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import * as operations from '../../src/client/gql/operations.ts';
import { printedSchema } from '../../src/graphql/printedSchema.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { missingFrom, nameOf, undescribed } from './contractOf.ts';

const schema = buildSchema();
const textOf = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the schema', () => {
  it('is valid', () => {
    expect(validateSchema(schema)).toEqual([]);
  });

  it('is committed as the code prints it: run `npm run codegen` when it is not', () => {
    expect(textOf('../../schema.graphql') === printedSchema(schema)).toBe(true);
  });

  it('describes every type, field, argument and enum value', () => {
    const own = Object.values(schema.getTypeMap()).filter(
      (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
    );
    expect(own.flatMap(undescribed)).toEqual([]);
  });

  it('gives a field of one name one type in all events, so that one query may ask for every kind', () => {
    const event = schema.getType('IncidentEvent');
    if (!isInterfaceType(event)) throw new Error('IncidentEvent is no interface.');
    const types = new Map<string, Set<string>>();
    for (const object of schema.getPossibleTypes(event)) {
      for (const { name, type } of Object.values(object.getFields())) {
        types.set(name, (types.get(name) ?? new Set()).add(String(type)));
      }
    }
    expect([...types].filter(([, all]) => all.size > 1).map(([name, all]) => [name, ...all])).toEqual([]);
  });

  it('has one type for every kind of event of an incident', () => {
    const event = schema.getType('IncidentEvent');
    const kinds = schema.getType('LedgerEventType');
    if (!isInterfaceType(event) || !kinds || !('getValues' in kinds)) throw new Error('No events.');
    const expected = kinds
      .getValues()
      .map(({ name }) => name)
      .filter((name) => name.startsWith('INCIDENT_'))
      .map((name) =>
        name.toLowerCase().replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()),
      );
    expect(
      schema
        .getPossibleTypes(event)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...expected, 'IncidentUnknownEvent'].sort());
  });
});

describe('the contract', () => {
  const { definitions } = parse(textOf('contract.graphql'));
  it.each(definitions.map((definition) => [nameOf(definition), definition] as const))(
    'holds for %s',
    (name, definition) => {
      const type = schema.getType(name);
      if (!type) throw new Error(`${name} is missing.`);
      expect(missingFrom(type, definition)).toEqual([]);
    },
  );
});

const onIncident = ['incidentId', 'expectedVersion', 'idempotencyKey'];
const onPolicy = ['expectedVersion', 'idempotencyKey'];
const edited = ['title', 'description', 'type', 'impact', 'environment', 'service', 'project', 'runbook'];
const attached = ['source', 'summary', 'severity', 'data', 'correlationKey', 'traceId', 'fingerprint', 'at'];
const violated = [
  'sloId',
  'windowStart',
  'windowEnd',
  'errorBudgetConsumed',
  'thresholdBreached',
  'periodDays',
  'details',
];

const mutations: Readonly<Record<string, readonly string[]>> = {
  declareIncident: ['title', 'severity', 'idempotencyKey'],
  updateIncident: [...onIncident, ...edited, 'startedAt', 'endedAt'],
  acknowledgeIncident: [...onIncident, 'note'],
  unacknowledgeIncident: [...onIncident, 'reason'],
  snoozeIncident: [...onIncident, 'until', 'reason'],
  changeIncidentStatus: [...onIncident, 'status', 'message', 'isPublic'],
  changeIncidentSeverity: [...onIncident, 'severity', 'reason'],
  recordRootCause: [...onIncident, 'summary', 'category', 'remediationSteps'],
  verifyRootCause: [...onIncident, 'notes'],
  resolveIncident: [...onIncident, 'summary', 'notes', 'impactAssessment', 'lessonsLearned', 'followUps'],
  closeIncident: [...onIncident, 'lessonsLearned', 'followUps', 'noFollowUpsBecause'],
  cancelIncident: [...onIncident, 'reason'],
  reopenIncident: [...onIncident, 'reason'],
  mergeIncidents: [...onIncident, 'intoIncidentId', 'reason'],
  splitSignal: [...onIncident, 'signalId', 'reason', 'title', 'severity'],
  assignIncident: [...onIncident, 'userId', 'ownerTeam'],
  assignIncidentRole: [...onIncident, 'role', 'userId'],
  addIncidentNote: [...onIncident, 'message', 'isPublic'],
  editIncidentNotes: [...onIncident, 'notes', 'expectedNotesVersion'],
  setTimelineVisibility: [...onIncident, 'sequence', 'isPublic', 'reason'],
  addIncidentTag: [...onIncident, 'tag'],
  removeIncidentTag: [...onIncident, 'tag'],
  linkIncidentTicket: [...onIncident, 'url', 'key'],
  unlinkIncidentTicket: [...onIncident, 'url'],
  setAffectedServices: [...onIncident, 'services'],
  addIncidentAction: [...onIncident, 'kind', 'label', 'details'],
  runBulkAction: [...onIncident, 'action', 'targets', 'source', 'concurrency', 'throttleMilliseconds'],
  cancelBulkAction: [...onIncident, 'bulkActionId', 'reason'],
  attachSignal: [...onIncident, 'type', 'service', 'environment', 'project', ...attached],
  reportErrors: ['idempotencyKey', 'errors'],
  reportRuns: ['idempotencyKey', 'runs'],
  syncIncidents: ['idempotencyKey', 'source', 'incidents'],
  recordSloViolation: [...onIncident, ...violated],
  escalateIncident: [...onIncident, 'target', 'note'],
  setSlaPolicy: onPolicy,
  setEscalationRules: onPolicy,
  setWorkflowPolicy: onPolicy,
  setAutoResolvePolicy: onPolicy,
  setRunPolicy: [...onPolicy, 'thresholds', 'sources'],
  setSessionGatePolicy: [...onPolicy, 'enabled', 'afterMinutes', 'severities'],
  setAccessLogPolicy: [...onPolicy, 'logIncidentReads'],
  setDetectionRules: [...onPolicy, 'rules'],
  setMaintenanceWindows: [...onPolicy, 'windows'],
  setActionWebhook: ['idempotencyKey', 'expectedVersion', 'source', 'url'],
  removeActionWebhook: ['idempotencyKey', 'source'],
  rotateActionWebhookSecret: ['idempotencyKey', 'source', 'overlapMinutes'],
  createApiKey: ['idempotencyKey', 'name', 'role', 'scopes', 'expiresAt'],
  revokeApiKey: ['idempotencyKey', 'apiKeyId'],
  rotateApiKey: ['idempotencyKey', 'apiKeyId', 'overlapMinutes'],
  setIngestConfiguration: [
    'idempotencyKey',
    'expectedVersion',
    'apiKeyId',
    'source',
    'service',
    'project',
    'environment',
    'defaultSeverity',
    'severityMap',
    'requestsPerMinute',
    'mapping',
    'signingSecret',
  ],
  replayDeadLetter: ['idempotencyKey', 'id'],
  discardDeadLetter: ['idempotencyKey', 'id'],
  createOrganization: ['idempotencyKey', 'slug', 'name'],
  renameOrganization: ['idempotencyKey', 'name'],
  approvePlatformEvent: ['idempotencyKey', 'sequence', 'message'],
  withdrawPlatformEvent: ['idempotencyKey', 'sequence'],
  inviteMember: ['idempotencyKey', 'email', 'role'],
  revokeInvitation: ['idempotencyKey', 'invitationId'],
  acceptInvitation: ['idempotencyKey', 'token'],
  revokeSession: ['idempotencyKey', 'sessionId'],
  revokeOtherSessions: ['idempotencyKey'],
  changeMemberRole: ['idempotencyKey', 'userId', 'role'],
  removeMember: ['idempotencyKey', 'userId'],
  createTeam: ['idempotencyKey', 'name', 'slackChannel'],
  updateTeam: ['idempotencyKey', 'teamId', 'name', 'slackChannel'],
  mergeTeams: ['idempotencyKey', 'teamId', 'intoTeamId'],
  addTeamMember: ['idempotencyKey', 'teamId', 'userId'],
  removeTeamMember: ['idempotencyKey', 'teamId', 'userId'],
  createService: ['idempotencyKey', 'name', 'ownerTeam', 'tier', 'runbook'],
  updateService: ['idempotencyKey', 'serviceId', 'name', 'ownerTeam', 'tier', 'runbook'],
  mergeServices: ['idempotencyKey', 'serviceId', 'intoServiceId'],
  createProject: ['idempotencyKey', 'name'],
  updateProject: ['idempotencyKey', 'projectId', 'name'],
  mergeProjects: ['idempotencyKey', 'projectId', 'intoProjectId'],
};

describe('a mutation', () => {
  it.each(Object.entries(mutations))(
    '%s takes one input and answers its payload or typed errors',
    (name, fields) => {
      const stem = name.charAt(0).toUpperCase() + name.slice(1);
      const mutation = schema.getMutationType()?.getFields()[name];
      expect(mutation?.args.map(({ name, type }) => [name, String(type)])).toEqual([
        ['input', `${stem}Input!`],
      ]);
      const input = schema.getType(`${stem}Input`);
      const result = schema.getType(`${stem}Result`);
      if (!isInputObjectType(input) || !isUnionType(result)) throw new Error(`${name} is of another shape.`);
      expect(Object.keys(input.getFields())).toEqual(expect.arrayContaining([...fields]));
      const errors = result.getTypes().filter((member) => member.name !== `${stem}Payload`);
      expect(errors).toHaveLength(result.getTypes().length - 1);
      for (const error of errors)
        expect(error.getInterfaces().map(({ name }) => name)).toContain('UserError');
    },
  );

  it('is listed here', () => {
    expect(Object.keys(schema.getMutationType()?.getFields() ?? {}).sort()).toEqual(
      Object.keys(mutations).sort(),
    );
  });
});

describe("the client's operations", () => {
  const documents = Object.entries(operations).filter(([name]) => name.endsWith('Document'));
  it.each(documents)('%s fits the schema: run `npm run codegen` when it does not', (_name, document) => {
    expect(validate(schema, document)).toEqual([]);
  });
});
