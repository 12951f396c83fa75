import { limits } from '../../domain/incident/limits.ts';
import { type MutedTargetRow, mutedTargetCursor, mutedTargetPage } from '../../store/read/mutedTargets.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { idOf } from '../globalId.ts';
import { Incident } from '../incident/incident.ts';
import { upTo } from '../mutation/upTo.ts';
import { connectionOf, pageOf } from '../page.ts';
import { forwardArguments, pageArguments } from '../pageArguments.ts';
import { BulkAction, BulkActionConnection } from './bulkAction.ts';

const MutedTarget = builder.objectRef<MutedTargetRow>('MutedTarget').implement({
  description: 'A target whose runs count for no burst, because a bulk action muted it.',
  fields: (t) => ({
    source: t.exposeString('source', { description: 'The source it is of.' }),
    target: t.exposeString('target', { description: 'The target, as the source calls it.' }),
    since: t.expose('since', {
      type: 'DateTime',
      description: 'From when on what fails for it does not count.',
    }),
    bulkAction: t.field({
      type: BulkAction,
      description: 'The bulk action that muted it.',
      resolve: async ({ bulkActionId }, _args, { loaders }) => {
        const row = await loaders.bulkAction.load(bulkActionId);
        if (row === null) throw new Error('The bulk action that muted a target cannot be read.');
        return row;
      },
    }),
  }),
});

const MutedTargetConnection = builder.connectionObject({
  type: MutedTarget,
  name: 'MutedTargetConnection',
  description: 'A page of muted targets, by name.',
});

builder.queryField('bulkAction', (t) =>
  t.field({
    type: BulkAction,
    nullable: true,
    description: 'A bulk action; null when there is none of that id in your organization.',
    args: { id: t.arg.id({ required: true, description: 'Its `id`.' }) },
    resolve: (_root, { id: asked }, context) => {
      authorizeRead('bulkAction', context);
      const id = idOf('BulkAction', asked);
      return id === null ? null : context.loaders.bulkAction.load(id);
    },
  }),
);

builder.queryField('mutedTargets', (t) =>
  t.field({
    type: MutedTargetConnection,
    description: 'The targets of a source that are muted, by name.',
    args: {
      source: t.arg.string({ required: true, description: `The source. ${upTo(limits.name)}` }),
      ...forwardArguments(t),
    },
    resolve: (_root, { source, ...args }, context) => {
      authorizeRead('mutedTargets', context);
      const page = pageOf(args);
      const read = mutedTargetPage(readScope(context), source, page);
      return connectionOf(page, read, mutedTargetCursor, (row) => row);
    },
  }),
);

builder.objectFields(Incident, (t) => ({
  bulkActions: t.field({
    type: BulkActionConnection,
    description: 'Its bulk actions, oldest first.',
    args: pageArguments(t),
    resolve: ({ state }, args, { loaders }) => {
      const page = pageOf(args);
      const cursor = ({ version }: { readonly version: number }) => String(version);
      return connectionOf(page, loaders.bulkActionsOf(page).load(state.id), cursor, (row) => row);
    },
  }),
}));
