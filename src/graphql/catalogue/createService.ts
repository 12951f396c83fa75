import { v7 } from 'uuid';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { entryAfter } from './entryPayload.ts';
import { Service } from './service.ts';

organizationMutation('createService', {
  description:
    'Makes a service. One whose name was used before is there already: change that one with `updateService`.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name, 1–100 characters.' }),
    ownerTeam: t.string({ description: 'The team that owns it, by its name; it must be there.' }),
    tier: t.int({ description: 'How much depends on it: 1, everything, to 4, nothing.' }),
    runbook: t.string({ description: 'A path or URL, at most 500 characters.' }),
  }),
  prepare: (input) => ({ command: { ...input, made: { id: v7() } } }),
  payload: (t) => ({
    service: t.field({
      type: Service,
      description: 'The service.',
      resolve: (done, _args, context) => entryAfter(done, 'service', done.command.made.id, context),
    }),
  }),
});
