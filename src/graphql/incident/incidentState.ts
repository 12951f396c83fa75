import { nextStep } from '../../domain/incident/nextStep.ts';
import { referenceOf, type IncidentState as State } from '../../domain/incident/state.ts';
import { isOpen } from '../../domain/incident/vocabulary.ts';
import { millisecondsBetween } from '../../domain/instant.ts';
import { isTextLeftOut } from '../../store/read/incidents.ts';
import { IncidentAction } from '../action/incidentAction.ts';
import { ActorType } from '../actor/actor.ts';
import { builder } from '../builder.ts';
import { Project } from '../catalogue/project.ts';
import { Service } from '../catalogue/service.ts';
import { Team } from '../catalogue/team.ts';
import type { GraphQLContext } from '../context.ts';
import { IncidentModeEnum, IncidentSeverityEnum, IncidentStatusEnum, WorkflowStepEnum } from '../enums.ts';
import { durationOf } from '../scalars.ts';
import { User } from '../user/user.ts';
import { Acknowledgement } from './acknowledgement.ts';
import { type IncidentSource, policyOf } from './incidentSource.ts';
import { PendingAction, pendingActions } from './pendingAction.ts';
import { AffectedService, affectedServices, ExternalRef, Ticket } from './references.ts';
import { Resolution } from './resolution.ts';
import { RootCause } from './rootCause.ts';
import { Sla, slaOf } from './sla.ts';

async function textOf(source: IncidentSource, { loaders }: GraphQLContext) {
  if (!isTextLeftOut(source)) return source.state;
  return (await loaders.incidentText.load(source.state.id)) ?? source.state;
}

const ref = builder.interfaceRef<IncidentSource>('IncidentState');

type FieldBuilder = Parameters<Parameters<typeof builder.interfaceField<typeof ref>>[2]>[0];

/** A text or instant of the state that may be absent. */
type Optional<V> = { [K in keyof State]: State[K] extends V | null ? K : never }[keyof State];

const text = (t: FieldBuilder, name: Optional<string>, description: string) =>
  t.string({ nullable: true, description, resolve: ({ state }) => state[name] });

const instant = (t: FieldBuilder, name: Optional<string>, description: string) =>
  t.field({ type: 'DateTime', nullable: true, description, resolve: ({ state }) => state[name] });

const person = (
  t: FieldBuilder,
  name: 'commanderId' | 'techLeadId' | 'commsLeadId' | 'assigneeId',
  description: string,
) =>
  t.field({
    type: User,
    nullable: true,
    description,
    resolve: ({ state }, _args, { loaders }) => {
      const id = state[name];
      return id === null ? null : loaders.user.load(id);
    },
  });

/** What an incident is, now or at a past moment: one set of fields, so that one fragment renders either. */
export const IncidentState = ref.implement({
  description: 'What an incident is, now or at a past moment: one fragment renders either.',
  fields: (t) => ({
    ...identityFields(t),
    ...contentFields(t),
    ...linkFields(t),
    ...peopleFields(t),
    ...instantFields(t),
    ...recordedFields(t),
    ...plannedFields(t),
  }),
});

function identityFields(t: FieldBuilder) {
  return {
    reference: t.string({
      description: 'What people call it: `INC-001`.',
      resolve: ({ number }) => referenceOf(number),
    }),
    number: t.exposeInt('number', { description: 'Its number in your organization: dense, never reused.' }),
    version: t.int({
      description: 'Events so far on this incident; pass it as `expectedVersion`.',
      resolve: ({ state }) => state.version,
    }),
    sequence: t.expose('sequence', { type: 'SafeInt', description: 'Ledger sequence of its latest event.' }),
  };
}

function contentFields(t: FieldBuilder) {
  return {
    title: t.string({ description: 'What is wrong, in a line.', resolve: ({ state }) => state.title }),
    description: t.string({
      description: 'What is wrong, at length; empty when nothing was said.',
      resolve: async (source, _args, context) => (await textOf(source, context)).description,
    }),
    type: text(t, 'type', 'Classification: memory, disk, upload, deploy, dependency, network, …'),
    severity: t.field({
      type: IncidentSeverityEnum,
      description: 'How bad it is.',
      resolve: ({ state }) => state.severity,
    }),
    status: t.field({
      type: IncidentStatusEnum,
      description: 'Where it stands in its life.',
      resolve: ({ state }) => state.status,
    }),
    isOpen: t.boolean({
      description: 'Whether it is before RESOLVED and not cancelled.',
      resolve: ({ state }) => isOpen(state.status),
    }),
    mode: t.field({
      type: IncidentModeEnum,
      description: 'Whether it is real or a drill.',
      resolve: ({ state }) => state.mode,
    }),
    impact: text(t, 'impact', 'What it means to those who are affected.'),
    environment: text(t, 'environment', 'Where: production, staging, …'),
    source: t.string({
      description: 'Where it came from: `manual`, `alertmanager`, …',
      resolve: ({ state }) => state.source,
    }),
    runbook: text(t, 'runbook', 'What to follow: a path or URL.'),
    notes: t.string({
      description: 'The ops notes document, at most 50,000 characters.',
      resolve: async (source, _args, context) => (await textOf(source, context)).notes,
    }),
    notesVersion: t.int({
      description: 'Edits of the notes so far; pass it as `expectedNotesVersion`.',
      resolve: ({ state }) => state.notesVersion,
    }),
  };
}

function linkFields(t: FieldBuilder) {
  return {
    service: t.field({
      type: Service,
      nullable: true,
      description: 'The service that fails.',
      resolve: ({ state: { serviceId } }, _args, { loaders }) =>
        serviceId === null ? null : loaders.service.load(serviceId),
    }),
    project: t.field({
      type: Project,
      nullable: true,
      description: 'The project it belongs to.',
      resolve: ({ state: { projectId } }, _args, { loaders }) =>
        projectId === null ? null : loaders.project.load(projectId),
    }),
    tags: t.stringList({ description: 'At most 50.', resolve: ({ state }) => state.tags }),
    correlationKeys: t.stringList({
      description: 'What it has in common with signals and other incidents; at most 50.',
      resolve: ({ state }) => state.correlationKeys,
    }),
    tickets: t.field({
      type: [Ticket],
      description: 'Tickets of other systems linked to it; at most 50.',
      resolve: ({ state }) => state.tickets,
    }),
    externalRefs: t.field({
      type: [ExternalRef],
      description: 'What other systems call it; at most 50.',
      resolve: ({ state }) => state.externalRefs,
    }),
    affectedServices: t.field({
      type: [AffectedService],
      description: 'The services it affects, and how badly; at most 50.',
      resolve: ({ state }, _args, context) => affectedServices(state.affectedServices, context),
    }),
  };
}

function peopleFields(t: FieldBuilder) {
  return {
    commander: person(t, 'commanderId', 'Who leads the response.'),
    techLead: person(t, 'techLeadId', 'Who leads the technical work.'),
    commsLead: person(t, 'commsLeadId', 'Who speaks to everybody outside the response.'),
    assignee: person(t, 'assigneeId', 'Who works on it.'),
    ownerTeam: t.field({
      type: Team,
      nullable: true,
      description: 'The team that owns it.',
      resolve: ({ state: { ownerTeamId } }, _args, { loaders }) =>
        ownerTeamId === null ? null : loaders.team.load(ownerTeamId),
    }),
    reportedBy: t.field({
      type: ActorType,
      description: 'Who declared it.',
      resolve: ({ state }) => state.reportedBy,
    }),
  };
}

function instantFields(t: FieldBuilder) {
  const required = (name: 'detectedAt' | 'reportedAt' | 'updatedAt', description: string) =>
    t.field({ type: 'DateTime', description, resolve: ({ state }) => state[name] });
  return {
    detectedAt: required('detectedAt', 'When it was noticed; its SLAs count from here.'),
    reportedAt: required('reportedAt', 'When it was declared; its escalations count from here.'),
    startedAt: instant(t, 'startedAt', 'When the impact began.'),
    endedAt: instant(t, 'endedAt', 'When the impact ended.'),
    mitigatedAt: instant(t, 'mitigatedAt', 'When the impact was contained.'),
    resolvedAt: instant(t, 'resolvedAt', 'When it was resolved; null again after a reopening.'),
    closedAt: instant(t, 'closedAt', 'When it was closed.'),
    cancelledAt: instant(t, 'cancelledAt', 'When it was cancelled.'),
    pagingRequestedAt: instant(t, 'pagingRequestedAt', 'When somebody was last to be paged for it.'),
    updatedAt: required('updatedAt', 'When its latest event happened.'),
    duration: t.field({
      type: 'Duration',
      nullable: true,
      description: 'From detection to resolution; null while it is not resolved.',
      resolve: ({ state: { detectedAt, resolvedAt } }) =>
        resolvedAt === null ? null : durationOf(millisecondsBetween(detectedAt, resolvedAt)),
    }),
  };
}

function recordedFields(t: FieldBuilder) {
  return {
    acknowledgement: t.field({
      type: Acknowledgement,
      nullable: true,
      description: 'The acknowledgement that holds now; null while nobody has it.',
      resolve: ({ state }) => state.acknowledgement,
    }),
    burnRate: t.float({
      nullable: true,
      description:
        'How fast the objective whose violation was recorded last uses its error budget: 1 uses all of it in its period. Null while none was.',
      resolve: ({ state }) => state.latestSloViolation?.burnRate ?? null,
    }),
    snoozedUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Until when escalations for want of an acknowledgement wait, maybe over by now; null once it is acknowledged, ended or resolved.',
      resolve: ({ state }) => state.snoozedUntil,
    }),
    firstAcknowledgement: t.field({
      type: Acknowledgement,
      nullable: true,
      description: 'The first acknowledgement, for ever: what the SLA and time to acknowledge count to.',
      resolve: ({ state }) => state.firstAcknowledgement,
    }),
    rootCause: t.field({
      type: RootCause,
      nullable: true,
      description: 'Why it happened; null while nobody has recorded it.',
      resolve: ({ state }) => state.rootCause,
    }),
    resolution: t.field({
      type: Resolution,
      nullable: true,
      description: 'How it ended; null until then, and again after a reopening.',
      resolve: ({ state }) => state.resolution,
    }),
    slaBreached: t.boolean({
      description: 'Whether any of its SLAs was breached.',
      resolve: ({ state: { acknowledgeSla, resolveSla } }) =>
        acknowledgeSla.breachedAt !== null || resolveSla.breachedAt !== null,
    }),
    escalationLevel: t.int({
      description: 'How far up it went: 0 nobody, 1 on-call, 2 supervisor, 3 director.',
      resolve: ({ state }) => state.escalationLevel,
    }),
    lastAction: t.field({
      type: IncidentAction,
      nullable: true,
      description: 'The latest thing done about it.',
      resolve: ({ state }) => state.lastAction,
    }),
  };
}

function plannedFields(t: FieldBuilder) {
  const sla = (kind: 'acknowledgeSla' | 'resolveSla', description: string) =>
    t.field({
      type: Sla,
      nullable: true,
      description,
      resolve: async (source, _args, context) => slaOf(source.state, await policyOf(source, context), kind),
    });
  return {
    acknowledgeSla: sla('acknowledgeSla', 'Until when it must be acknowledged, and whether it was.'),
    resolveSla: sla('resolveSla', 'Until when it must be resolved, and whether it was.'),
    nextStep: t.field({
      type: WorkflowStepEnum,
      nullable: true,
      description: 'What the workflow asks a person to do next; null when it asks nothing.',
      resolve: async (source, _args, context) => nextStep(source.state, await policyOf(source, context)),
    }),
    pendingActions: t.field({
      type: [PendingAction],
      description: 'What the scheduler will do unless somebody acts, soonest first; at most 16.',
      resolve: pendingActions,
    }),
  };
}
