import { limits } from '../../domain/incident/limits.ts';
import { builder } from '../builder.ts';
import { ServiceImpactEnum } from '../enums.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

const AffectedServiceInput = builder.inputType('AffectedServiceInput', {
  description: 'A service and how badly it is affected.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: `Its name; a new one makes the service. ${upTo(limits.name)}`,
    }),
    impact: t.field({ type: ServiceImpactEnum, required: true, description: 'How badly.' }),
  }),
});

incidentMutation('setAffectedServices', {
  description: 'Says which services are affected and how badly, replacing what was said before.',
  fields: (t) => ({
    services: t.field({
      type: [AffectedServiceInput],
      required: true,
      description: 'Every affected service, each once; at most 50; none when empty.',
    }),
  }),
  command: (input) => input,
});
