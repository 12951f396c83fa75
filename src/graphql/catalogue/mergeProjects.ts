import { idOf } from '../globalId.ts';
import { absentId } from '../mutation/incidentMutation.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { entryAfter } from './entryPayload.ts';
import { Project } from './project.ts';

organizationMutation('mergeProjects', {
  description:
    'Makes a project an alias of another, for good: its name leads there, its incidents show the other and are found by it. No ledger is rewritten.',
  fields: (t) => ({
    projectId: t.id({ required: true, description: 'The project that becomes an alias: its `id`.' }),
    intoProjectId: t.id({ required: true, description: 'The project it becomes an alias of: its `id`.' }),
  }),
  prepare: (input) => ({
    command: {
      projectId: idOf('Project', input.projectId) ?? absentId,
      intoProjectId: idOf('Project', input.intoProjectId) ?? absentId,
    },
  }),
  payload: (t) => ({
    project: t.field({
      type: Project,
      description: 'The project that remains.',
      resolve: (done, _args, context) => entryAfter(done, 'project', done.command.intoProjectId, context),
    }),
  }),
});
