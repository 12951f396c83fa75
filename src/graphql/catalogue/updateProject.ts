import { idOf } from '../globalId.ts';
import { absentId } from '../mutation/incidentMutation.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { entryAfter } from './entryPayload.ts';
import { Project } from './project.ts';

organizationMutation('updateProject', {
  description:
    'Changes a project: absent leaves, null clears. Its id stays, whatever it is called. A name it gave up is free: whatever still uses it makes a new project, which you can merge into this one.',
  fields: (t) => ({
    projectId: t.id({ required: true, description: 'The project: its `id`.' }),
    name: t.string({ description: 'A new name, 1–100 characters. Null leaves, too.' }),
  }),
  prepare: (input) => ({ command: { ...input, projectId: idOf('Project', input.projectId) ?? absentId } }),
  payload: (t) => ({
    project: t.field({
      type: Project,
      description: 'The project as it is now.',
      resolve: (done, _args, context) => entryAfter(done, 'project', done.command.projectId, context),
    }),
  }),
});
