import { idOf } from '../globalId.ts';
import { absentId } from '../mutation/incidentMutation.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { entryAfter } from './entryPayload.ts';
import { Service } from './service.ts';

organizationMutation('updateService', {
  description:
    'Changes a service: absent leaves, null clears. Its id stays, whatever it is called. A name it gave up is free: whatever still uses it makes a new service, which you can merge into this one.',
  fields: (t) => ({
    serviceId: t.id({ required: true, description: 'The service: its `id`.' }),
    name: t.string({ description: 'A new name, 1–100 characters. Null leaves, too.' }),
    ownerTeam: t.string({ description: 'The team that owns it, by its name; it must be there.' }),
    tier: t.int({ description: 'How much depends on it: 1, everything, to 4, nothing.' }),
    runbook: t.string({ description: 'A path or URL, at most 500 characters.' }),
  }),
  prepare: (input) => ({ command: { ...input, serviceId: idOf('Service', input.serviceId) ?? absentId } }),
  payload: (t) => ({
    service: t.field({
      type: Service,
      description: 'The service as it is now.',
      resolve: (done, _args, context) => entryAfter(done, 'service', done.command.serviceId, context),
    }),
  }),
});
