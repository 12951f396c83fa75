import type { FollowUpRow } from '../../store/read/followUps.ts';
import { builder } from '../builder.ts';
import { FollowUpStatusEnum } from '../enums.ts';
import { User } from '../user/user.ts';

/** Something to do so that it does not happen again. */
export const FollowUp = builder.node(builder.objectRef<FollowUpRow>('FollowUp'), {
  description: 'Something to do so that it does not happen again.',
  id: { resolve: (row) => row.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.followUp.load(id)),
  fields: (t) => ({
    description: t.exposeString('description', { description: 'What is to be done.' }),
    status: t.expose('status', { type: FollowUpStatusEnum, description: 'How far it is.' }),
    assignee: t.field({
      type: User,
      nullable: true,
      description: 'Who does it; null when nobody is named.',
      resolve: ({ assigneeId }, _args, { loaders }) =>
        assigneeId === null ? null : loaders.user.load(assigneeId),
    }),
    dueAt: t.expose('dueAt', { type: 'DateTime', nullable: true, description: 'When it should be done.' }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was done.',
    }),
  }),
});
