import type { SignalRow } from '../../store/read/signals.ts';
import { builder } from '../builder.ts';
import { Project } from '../catalogue/project.ts';
import { Service } from '../catalogue/service.ts';
import { SignalTypeEnum } from '../enums.ts';
import { Incident } from '../incident/incident.ts';

/** An observation from outside. */
export const Signal = builder.node(builder.objectRef<SignalRow>('Signal'), {
  description: 'Something that was observed: an alert, an error, a metric, the outcome of a check.',
  id: { resolve: (signal) => signal.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.signal.load(id)),
  fields: (t) => ({
    incident: t.field({
      type: Incident,
      nullable: true,
      description: 'The incident it belongs to; null when it belongs to none.',
      resolve: ({ incidentId }, _args, { loaders }) =>
        incidentId === null ? null : loaders.incident.load(incidentId),
    }),
    type: t.expose('type', { type: SignalTypeEnum, description: 'What kind of observation.' }),
    source: t.exposeString('source', { description: 'Where it came from.' }),
    service: t.field({
      type: Service,
      nullable: true,
      description: 'The service it is about.',
      resolve: ({ serviceId }, _args, { loaders }) =>
        serviceId === null ? null : loaders.service.load(serviceId),
    }),
    environment: t.exposeString('environment', {
      nullable: true,
      description: 'Where: production, staging, …',
    }),
    project: t.field({
      type: Project,
      nullable: true,
      description: 'The project it is about.',
      resolve: ({ projectId }, _args, { loaders }) =>
        projectId === null ? null : loaders.project.load(projectId),
    }),
    summary: t.exposeString('summary', { description: 'What was observed, in a line.' }),
    severity: t.exposeString('severity', { nullable: true, description: 'How bad, as its source wrote it.' }),
    fingerprint: t.exposeString('fingerprint', {
      nullable: true,
      description: 'What identifies it at its source; a repeat has the same.',
    }),
    correlationKey: t.exposeString('correlationKey', {
      nullable: true,
      description: 'What it has in common with other signals and incidents.',
    }),
    traceId: t.exposeString('traceId', { nullable: true, description: 'The trace it belongs to.' }),
    data: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'What came with it, as it came; of more than 256 KB as much as fits, and `leftOut` in it says how large it was.',
      resolve: async ({ id }, _args, { loaders }) => {
        const json = await loaders.signalData.load(id);
        return json === null ? null : JSON.parse(json);
      },
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was observed.' }),
    clearedAt: t.expose('clearedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its source said it was over; null while it did not.',
    }),
    count: t.exposeInt('count', { description: 'How often it was seen; repeats while it is open raise it.' }),
    lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime', description: 'When it was last seen.' }),
  }),
});

/** A page of signals. */
export const SignalConnection = builder.connectionObject({
  type: Signal,
  name: 'SignalConnection',
  description: 'A page of signals.',
});
