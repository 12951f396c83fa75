import {
  type BulkActionStatus,
  bulkActionKinds,
  bulkActionStatuses,
  bulkResultDays,
  bulkTargetStates,
  labelOf,
} from '../../domain/bulkAction/bulkAction.ts';
import type { BulkActionRow, BulkTargetCounts, BulkTargetRow } from '../../store/read/bulkActions.ts';
import { bulkTargetCursor } from '../../store/read/bulkActions.ts';
import { ActorType } from '../actor/actor.ts';
import { boundedList } from '../boundedList.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { Incident } from '../incident/incident.ts';
import { connectionOf, pageOf } from '../page.ts';
import { pageArguments } from '../pageArguments.ts';

/** What a source can be asked to do about its targets. */
export const BulkActionKindEnum = describedEnum(
  'BulkActionKind',
  'What a source is asked to do about its targets.',
  bulkActionKinds,
  {
    MUTE: 'Do nothing for it until it is unmuted; what fails for it counts for no burst.',
    UNMUTE: 'Go on with it; what fails for it counts again.',
    FORCE_RUN: 'Run it now.',
  },
);

const BulkActionStatusEnum = describedEnum(
  'BulkActionStatus',
  'How far a bulk action is.',
  bulkActionStatuses,
  {
    RUNNING: 'Targets are worked off, or wait for their turn.',
    CANCELLING: 'It was cancelled; what was under way is not over yet.',
    COMPLETED: 'All targets are over; some may have failed.',
    CANCELLED: 'It was cancelled, and all targets are over.',
  },
);

const BulkTargetStateEnum = describedEnum(
  'BulkTargetState',
  'How far a target of a bulk action is.',
  bulkTargetStates,
  {
    PENDING: 'Its turn has not come.',
    RUNNING: 'Its request is under way, or will be sent again under the same id (`retryAt`).',
    SUCCEEDED: 'Its request was answered 2xx.',
    FAILED: 'Its request was answered otherwise, or not at all.',
    CANCELLED: 'The bulk action was cancelled before its turn came.',
  },
);

const BulkActionTarget = builder.objectRef<BulkTargetRow>('BulkActionTarget').implement({
  description: 'One target of a bulk action, with what was asked and what was answered.',
  fields: (t) => ({
    target: t.exposeString('target', { description: 'The target, as the source calls it.' }),
    state: t.expose('state', { type: BulkTargetStateEnum, description: 'How far it is.' }),
    attempts: t.exposeInt('attempts', {
      description: 'How often its request was sent, always under one id.',
    }),
    webhookId: t.string({
      description: 'The `webhook-id` of its requests: what the receiver tells repeats by.',
      resolve: ({ bulkActionId, ordinal }) => `${bulkActionId}/${ordinal}`,
    }),
    request: t.exposeString('request', {
      nullable: true,
      description: 'The body of its request, as it was signed; null while none was sent.',
    }),
    httpStatus: t.exposeInt('httpStatus', {
      nullable: true,
      description: 'The status of the last answer; null when there was none.',
    }),
    response: t.exposeString('response', {
      nullable: true,
      description: 'The last answer, clipped to 4,096 characters; null when there was none.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why it failed, or while it is tried again why the last try did; null unless one did.',
    }),
    at: t.expose('at', { type: 'DateTime', nullable: true, description: 'When it was over; null before.' }),
    retryAt: t.expose('retryAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When its request is sent again: after a short wait, or the one the receiver asked for (`Retry-After`, at most a minute). Null unless it waits for that.',
    }),
  }),
});

const BulkActionTargetConnection = builder.connectionObject({
  type: BulkActionTarget,
  name: 'BulkActionTargetConnection',
  description: 'A page of targets of a bulk action, in the order they were named.',
});

/** A bulk action, and what is known of its counts already. */
export type BulkActionSource = BulkActionRow & { readonly counts?: BulkTargetCounts };

/** How many of its targets are how far: of one that is over, what its end says, whether they are still kept or not. */
export async function countsOf(
  row: BulkActionSource,
  { loaders }: Pick<GraphQLContext, 'loaders'>,
): Promise<BulkTargetCounts> {
  if (row.outcome !== null) {
    const { succeeded: SUCCEEDED, failed: FAILED, cancelled: CANCELLED } = row.outcome;
    return { PENDING: 0, RUNNING: 0, SUCCEEDED, FAILED, CANCELLED, retryAt: null };
  }
  const counts = row.counts ?? (await loaders.bulkTargetCounts.load(row.id));
  if (counts === null) throw new Error('A bulk action has no targets.');
  return counts;
}

function statusOf({ cancelledAt, finishedAt }: BulkActionRow): BulkActionStatus {
  if (cancelledAt === null) return finishedAt === null ? 'RUNNING' : 'COMPLETED';
  return finishedAt === null ? 'CANCELLING' : 'CANCELLED';
}

/** An action on many targets of a source. */
export const BulkAction = builder.node(builder.objectRef<BulkActionSource>('BulkAction'), {
  description:
    "An action on many targets of a source, through the source's action webhook. That some targets failed is its result, not its failure.",
  id: { resolve: ({ id }) => id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.bulkAction.load(id)),
  fields: (t) => ({
    action: t.expose('action', { type: BulkActionKindEnum, description: 'What the source is asked to do.' }),
    source: t.exposeString('source', { description: 'The source whose targets they are.' }),
    label: t.string({ description: 'What it does, in a few words.', resolve: (row) => labelOf(row) }),
    status: t.field({ type: BulkActionStatusEnum, description: 'How far it is.', resolve: statusOf }),
    concurrency: t.exposeInt('concurrency', {
      description: 'Requests that are under way at a time, at most.',
    }),
    throttleMilliseconds: t.exposeInt('throttleMilliseconds', {
      description: 'Milliseconds between the beginnings of two requests, at least.',
    }),
    targetCount: t.exposeInt('targetCount', { description: 'How many targets it has.' }),
    incident: t.field({
      type: Incident,
      description: 'The incident it is an action of.',
      resolve: async ({ incidentId }, _args, { loaders }) => {
        const incident = await loaders.incident.load(incidentId);
        if (incident === null) throw new Error('The incident of a bulk action cannot be read.');
        return incident;
      },
    }),
    startedBy: t.expose('actor', { type: ActorType, description: 'Who began it.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When.' }),
    cancelledAt: t.expose('cancelledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was cancelled; null when it was not.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When all its targets were over; null before.',
    }),
    resultsSweptAt: t.expose('resultsSweptAt', {
      type: 'DateTime',
      nullable: true,
      description: `When its targets and what each came to were forgotten, ${bulkResultDays} days or more after it finished: \`targets\` is null from then on, its counts stay. Null while they are kept.`,
    }),
  }),
});

builder.objectFields(BulkAction, (t) => ({
  pendingCount: t.int({
    description: 'How many wait for their turn.',
    resolve: async (row, _args, context) => (await countsOf(row, context)).PENDING,
  }),
  runningCount: t.int({
    description: 'How many have a request under way.',
    resolve: async (row, _args, context) => (await countsOf(row, context)).RUNNING,
  }),
  succeededCount: t.int({
    description: 'How many succeeded.',
    resolve: async (row, _args, context) => (await countsOf(row, context)).SUCCEEDED,
  }),
  failedCount: t.int({
    description: 'How many failed.',
    resolve: async (row, _args, context) => (await countsOf(row, context)).FAILED,
  }),
  cancelledCount: t.int({
    description: 'How many were not begun, because it was cancelled.',
    resolve: async (row, _args, context) => (await countsOf(row, context)).CANCELLED,
  }),
  retryAt: t.field({
    type: 'DateTime',
    nullable: true,
    description:
      'When the last of the targets that wait for another try is asked again; null when none waits. While the receiver asks to be left alone (`Retry-After`), nothing else is begun.',
    resolve: async (row, _args, context) => (await countsOf(row, context)).retryAt,
  }),
  targets: t.field({
    type: BulkActionTargetConnection,
    nullable: true,
    description:
      'Its targets, in the order they were named; null once they are forgotten (`resultsSweptAt`).',
    args: {
      state: t.arg({ type: [BulkTargetStateEnum], description: 'Only those in any of these states.' }),
      ...pageArguments(t),
    },
    resolve: ({ id, resultsSweptAt }, args, { loaders }) => {
      const page = pageOf(args);
      const states = boundedList(args.state, 'state') ?? null;
      if (resultsSweptAt !== null) return null;
      return connectionOf(page, loaders.bulkTargetsOf(page, states).load(id), bulkTargetCursor, (row) => row);
    },
  }),
}));

/** A page of bulk actions, oldest first. */
export const BulkActionConnection = builder.connectionObject({
  type: BulkAction,
  name: 'BulkActionConnection',
  description: 'A page of bulk actions, oldest first.',
});
