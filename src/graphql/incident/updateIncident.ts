import { limits } from '../../domain/incident/limits.ts';
import { incidentMutation } from '../mutation/incidentMutation.ts';
import { upTo } from '../mutation/upTo.ts';

incidentMutation('updateIncident', {
  description: 'Edits what an incident says about itself. A field that is absent stays; null clears it.',
  fields: (t) => ({
    title: t.string({ description: `Cannot be cleared. ${upTo(limits.title)}` }),
    description: t.string({ description: `Everything worth knowing. ${upTo(limits.description)}` }),
    type: t.string({
      description: `Classification: memory, disk, upload, deploy, dependency, network, … ${upTo(limits.name)}`,
    }),
    impact: t.string({ description: `What it means to those who are affected. ${upTo(limits.impact)}` }),
    environment: t.string({ description: `Where: production, staging, … ${upTo(limits.name)}` }),
    service: t.string({ description: `Name of the service; a new name makes it. ${upTo(limits.name)}` }),
    project: t.string({ description: `Name of the project; a new name makes it. ${upTo(limits.name)}` }),
    runbook: t.string({ description: `A path or URL. ${upTo(limits.reference)}` }),
    startedAt: t.field({ type: 'DateTime', description: 'When the impact began.' }),
    endedAt: t.field({ type: 'DateTime', description: 'When the impact ended; not before `startedAt`.' }),
  }),
  // A title cannot be cleared; an empty one is refused where every title is checked.
  command: ({ title, ...rest }) => (title === undefined ? rest : { ...rest, title: title ?? '' }),
});
