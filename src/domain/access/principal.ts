import type { IngestConfiguration } from '../detection/ingestConfiguration.ts';
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
  /** How what an INGEST key brings is read; absent while it was never configured. */
  readonly ingest?: IngestConfiguration;
  /** A SUPERADMIN in an organization without a membership: whatever they do there is recorded before it is done. */
  readonly superadmin?: true;
  /** SUPERADMIN of this installation, also where they act as a member like any other. */
  readonly platformRole?: 'SUPERADMIN';
}

/**
 * Where a person acts who is signed in and a member nowhere: no organization has this id, so nothing of any is visible,
 * and without a role only what precedes membership is theirs to do.
 */
export const nowhere = {
  organizationId: '00000000-0000-0000-0000-000000000000',
  slug: '',
  role: null,
} as const;

/** The key that identical permissions share: subscriptions are grouped by (organization, this, document, variables). */
export function permissionKey(principal: Principal): string {
  return `${principal.actor.role ?? 'SYSTEM'}:${[...principal.scopes].sort().join(',')}`;
}
