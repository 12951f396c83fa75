import type { Actor, ApiKeyScope } from './actor.ts';

/** Who is asking, established by a credential: the only source of organization and permission. */
export interface Principal {
  readonly organizationId: string;
  readonly organizationSlug: string;
  readonly actor: Actor;
  /** For a person signed in: every scope but INGEST and GATE. For an API key: the key's. */
  readonly scopes: readonly ApiKeyScope[];
  /** The API key's id or the session's; idempotency keys are kept per organization and this. */
  readonly credentialId: string;
  /** A SUPERADMIN in an organization without a membership: whatever they do there is recorded before it is done. */
  readonly superadmin?: true;
}

/** The key that identical permissions share: subscriptions are grouped by (organization, this, document, variables). */
export function permissionKey(principal: Principal): string {
  return `${principal.actor.role ?? 'SYSTEM'}:${[...principal.scopes].sort().join(',')}`;
}
