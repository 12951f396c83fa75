import { v7 } from 'uuid';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { entryAfter } from './entryPayload.ts';
import { Project } from './project.ts';

organizationMutation('createProject', {
  description:
    'Makes a project. One whose name was used before is there already: change that one with `updateProject`.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name, 1–100 characters.' }),
  }),
  prepare: (input) => ({ command: { ...input, made: { id: v7() } } }),
  payload: (t) => ({
    project: t.field({
      type: Project,
      description: 'The project.',
      resolve: (done, _args, context) => entryAfter(done, 'project', done.command.made.id, context),
    }),
  }),
});
