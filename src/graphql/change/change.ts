import type { ChangeRow } from '../../store/read/changes.ts';
import { builder } from '../builder.ts';

type Link = ChangeRow['links'][number];

const ChangeLink = builder.objectRef<Link>('ChangeLink').implement({
  description: 'Where more about a change can be read.',
  fields: (t) => ({
    href: t.exposeString('href', { description: 'Its address, http or https.' }),
    text: t.exposeString('text', { nullable: true, description: 'What to call it; null when nobody said.' }),
  }),
});

/** Something that changed. */
export const Change = builder.node(builder.objectRef<ChangeRow>('Change'), {
  description:
    'Something that changed, as a deployment tool told it: a deployment, a setting, a secret. It is kept for 90 days.',
  id: { resolve: (change) => change.id },
  loadMany: (ids, { loaders }) => ids.map((id) => loaders.change.load(id)),
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it changed.' }),
    summary: t.exposeString('summary', { description: 'What changed, in a line.' }),
    source: t.exposeString('source', {
      nullable: true,
      description: 'Who told it: a pipeline, a host; null when nobody said.',
    }),
    serviceName: t.exposeString('service', {
      nullable: true,
      description: 'The service that changed, as it was told; null when nobody said.',
    }),
    environment: t.exposeString('environment', {
      nullable: true,
      description: 'Where: production, staging, …; null when nobody said.',
    }),
    details: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What else came with it, at most 256 KB.',
      resolve: ({ details }) => (details === null ? null : JSON.parse(details)),
    }),
    links: t.field({
      type: [ChangeLink],
      description: 'Where more about it can be read; at most 10.',
      resolve: ({ links }) => [...links],
    }),
  }),
});

/** A page of changes, newest first. */
export const ChangeConnection = builder.connectionObject({
  type: Change,
  name: 'ChangeConnection',
  description: 'A page of changes, newest first.',
});
