import type { ApiKeyScope } from '../domain/access/actor.ts';
import type { Request } from './answer.ts';

/** What a credential may do when whoever asks does not say: nothing, for an API key. */
export function scopesOf({ scopes, actor }: Request): readonly ApiKeyScope[] {
  if (scopes !== undefined) return scopes;
  if (actor.kind === 'USER') return ['READ', 'RESPOND', 'ADMIN'];
  return actor.kind === 'INTEGRATION' ? ['INGEST'] : [];
}
