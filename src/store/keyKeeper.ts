import type { ApiKeyScope, MemberRole } from '../domain/access/actor.ts';
import type { IngestConfiguration } from '../domain/detection/ingestConfiguration.ts';
import type { Instant } from '../domain/instant.ts';

/** An API key as the command line lists it. */
export interface ListedKey {
  readonly id: string;
  readonly prefix: string;
  readonly name: string;
  readonly role: MemberRole;
  readonly scopes: readonly ApiKeyScope[];
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
  readonly lastUsedAt: Instant | null;
  /** How much was refused because more came than its rate lets in. */
  readonly rateLimitedCount: number;
  readonly overlapEndsAt: Instant | null;
  /** How what it brings is read; null of a key that is not of scope INGEST. */
  readonly ingest: IngestConfiguration | null;
}

/** A key to be made. */
export interface WantedKey {
  readonly name: string;
  readonly role: MemberRole;
  readonly scopes: readonly ApiKeyScope[];
  readonly expiresAt: Instant | null;
}

/** What became of it: `secret` is shown this once; `refused` says why in a sentence. */
export type KeyOutcome =
  | { readonly kind: 'done'; readonly id: string; readonly secret: string | null }
  | { readonly kind: 'refused'; readonly message: string };

/** API keys of organizations, by slug, for whoever may operate the installation. */
export interface KeyKeeper {
  /** Newest first, at most 1,000; null when there is no such organization. */
  list(organization: string): Promise<readonly ListedKey[] | null>;
  create(organization: string, wanted: WantedKey): Promise<KeyOutcome>;
  rotate(organization: string, apiKeyId: string, overlapMinutes: number): Promise<KeyOutcome>;
  revoke(organization: string, apiKeyId: string): Promise<KeyOutcome>;
}
