import type { ApiKeyRow } from '../../store/read/apiKeys.ts';
import { ActorType } from '../actor/actor.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { builder } from '../builder.ts';
import { ApiKeyScopeEnum, MemberRoleEnum } from '../enums.ts';
import { IngestConfigurationType } from './ingestConfiguration.ts';

/** An API key, never its secret. */
export const ApiKey = builder.node(builder.objectRef<ApiKeyRow>('ApiKey'), {
  description: 'A credential of a program. Its secret is shown once, when it is made.',
  id: { resolve: (key) => key.id },
  loadMany: (ids, context) => {
    authorizeRead('apiKeys', context);
    return ids.map((id) => context.loaders.apiKey.load(id));
  },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is for.' }),
    prefix: t.exposeString('prefix', { description: 'How its secret begins, to tell keys apart.' }),
    role: t.expose('role', { type: MemberRoleEnum, description: 'What it may do at most.' }),
    scopes: t.field({
      type: [ApiKeyScopeEnum],
      description: 'What it may be used for.',
      resolve: ({ scopes }) => scopes,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    createdBy: t.expose('createdBy', { type: ActorType, description: 'Who made it.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it stops working; null for never.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked; null while it was not.',
    }),
    overlapEndsAt: t.expose('overlapEndsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when the secret before this one works, or worked; null while it was never rotated.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to about a minute; null for never.',
    }),
    rateLimitedCount: t.exposeInt('rateLimitedCount', {
      description:
        'How many requests with it were refused since it was made because more came than its `ingest.requestsPerMinute` lets in, to about a minute; a delivery that is sent again and refused again counts again. Nothing of them was kept.',
    }),
    lastRateLimitedAt: t.expose('lastRateLimitedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a request with it was last refused so, to about a minute; null for never.',
    }),
    ingest: t.expose('ingest', {
      type: IngestConfigurationType,
      nullable: true,
      description: 'How what it brings is read; null of a key that is not of scope INGEST.',
    }),
  }),
});

/** A page of API keys. */
export const ApiKeyConnection = builder.connectionObject({
  type: ApiKey,
  name: 'ApiKeyConnection',
  description: 'A page of API keys, newest first.',
});
