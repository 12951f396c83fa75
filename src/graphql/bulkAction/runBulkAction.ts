import { bulkActionCommand } from '../../app/bulkActionCommand.ts';
import {
  bulkTargetLimit,
  concurrencyLimit,
  defaultConcurrency,
  throttleLimit,
} from '../../domain/bulkAction/bulkAction.ts';
import { limits } from '../../domain/incident/limits.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { idOf } from '../globalId.ts';
import { handleIncidentCommand } from '../mutation/handleIncidentCommand.ts';
import { idempotencyKeyDescription } from '../mutation/idempotency.ts';
import { absentId } from '../mutation/incidentMutation.ts';
import { type IncidentDone, incidentResult } from '../mutation/incidentResult.ts';
import { incidentErrors } from '../mutation/result.ts';
import { upTo } from '../mutation/upTo.ts';
import { BulkAction, BulkActionKindEnum } from './bulkAction.ts';

const RunBulkActionInput = builder.inputType('RunBulkActionInput', {
  description: 'What `runBulkAction` needs.',
  fields: (t) => ({
    incidentId: t.id({ required: true, description: 'The incident: its `id`.' }),
    action: t.field({
      type: BulkActionKindEnum,
      required: true,
      description: 'What the source is asked to do.',
    }),
    targets: t.stringList({
      description: `The targets, as the source calls them, each once however often it is named; at most ${bulkTargetLimit}. All that the runs of the incident failed for when absent. ${upTo(limits.key)}`,
    }),
    source: t.string({
      description: `The source whose targets they are. Of the incident's burst, or of the incident, when absent. ${upTo(limits.name)}`,
    }),
    concurrency: t.int({
      description: `Requests under way at a time, 1–${concurrencyLimit}. Default ${defaultConcurrency}.`,
    }),
    throttleMilliseconds: t.int({
      description: `Milliseconds between the beginnings of two requests, at least, 0–${throttleLimit}. Default 0.`,
    }),
    expectedVersion: t.int({
      description:
        'The `version` you decided on. Refused with ConflictError if the incident changed since in a way that matters; without it, it is applied to whatever is now.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

/** The bulk action that a mutation began; null on a repeat that wrote nothing. */
function startedBy({ entries }: IncidentDone): string | null {
  for (const { event } of entries) {
    if (event.type === 'INCIDENT_BULK_ACTION_STARTED') return event.payload.bulkActionId;
  }
  return null;
}

builder.mutationField('runBulkAction', (t) =>
  t.field({
    type: incidentResult('runBulkAction', incidentErrors, (payload) => ({
      bulkAction: payload.field({
        type: BulkAction,
        description: 'The bulk action; follow it with `bulkActionProgress`.',
        resolve: async (done, _args, { loaders }) => {
          const row = await loaders.bulkAction.load(startedBy(done) ?? absentId);
          if (row === null) throw new Error('A bulk action was begun and cannot be read.');
          return row;
        },
      }),
    })),
    nullable: true,
    description:
      'Has a source do something about many targets, through its action webhook (`setActionWebhook`): one signed request a target, so many at a time. It goes on by itself, also when an instance ends; each target has its own result, and that some fail is no error. A target is asked about more than once only under one `webhook-id`. Possible in any status, one at a time on an incident. Up to 50 of your organization are open at a time and go on side by side: one that is slow, or waits, holds no other back.',
    args: {
      input: t.arg({ type: RunBulkActionInput, required: true, description: 'What to do about what.' }),
    },
    resolve: async (_root, { input }, context) => {
      const { idempotencyKey, ...rest } = input;
      const { incidentId: id, expectedVersion, ...wanted } = rest;
      const incidentId = idOf('Incident', id) ?? absentId;
      const { principal } = context;
      const command = await bulkActionCommand(wanted, incidentId, { principal, scope: readScope(context) });
      if ('kind' in command) return command;
      const options = { input: rest, key: idempotencyKey, expectedVersion: expectedVersion ?? null };
      const done = await handleIncidentCommand(context, command, { by: 'id', incidentId }, options);
      context.bulkActions.wake();
      return done;
    },
  }),
);
