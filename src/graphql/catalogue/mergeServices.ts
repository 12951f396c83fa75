import { idOf } from '../globalId.ts';
import { absentId } from '../mutation/incidentMutation.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { entryAfter } from './entryPayload.ts';
import { Service } from './service.ts';

organizationMutation('mergeServices', {
  description:
    'Makes a service an alias of another, for good: its name leads there, its incidents show the other and are found by it, and maintenance windows about either are about both. What the catalogue says of the other stays.',
  fields: (t) => ({
    serviceId: t.id({ required: true, description: 'The service that becomes an alias: its `id`.' }),
    intoServiceId: t.id({ required: true, description: 'The service it becomes an alias of: its `id`.' }),
  }),
  prepare: (input) => ({
    command: {
      serviceId: idOf('Service', input.serviceId) ?? absentId,
      intoServiceId: idOf('Service', input.intoServiceId) ?? absentId,
    },
  }),
  payload: (t) => ({
    service: t.field({
      type: Service,
      description: 'The service that remains.',
      resolve: (done, _args, context) => entryAfter(done, 'service', done.command.intoServiceId, context),
    }),
  }),
});
