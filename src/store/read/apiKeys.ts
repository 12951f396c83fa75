import type { Actor, ActorKind, ApiKeyScope, MemberRole } from '../../domain/access/actor.ts';
import { completeIngest, type IngestConfiguration } from '../../domain/detection/ingestConfiguration.ts';
import type { Instant } from '../../domain/instant.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { inOrder, type ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';

/** An API key, never its secret or hash. */
export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly role: MemberRole;
  readonly scopes: readonly ApiKeyScope[];
  readonly createdAt: Instant;
  readonly createdBy: Actor;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
  readonly lastUsedAt: Instant | null;
  /** How much was refused because more came than its rate lets in. */
  readonly rateLimitedCount: number;
  /** When something was refused so at last. */
  readonly lastRateLimitedAt: Instant | null;
  /** Until when the secret before this one works, or worked; null when it was never rotated. */
  readonly overlapEndsAt: Instant | null;
  /** How what it brings is read; null of a key that is not of scope INGEST. */
  readonly ingest: IngestConfiguration | null;
}

const columns = {
  id: true,
  name: true,
  prefix: true,
  role: true,
  scopes: true,
  createdAt: true,
  createdByKind: true,
  createdById: true,
  createdByRole: true,
  expiresAt: true,
  revokedAt: true,
  lastUsedAt: true,
  rateLimitedCount: true,
  rateLimitedAt: true,
  previousEndsAt: true,
  ingest: true,
} as const;

/** Where a key stands in the list of keys. */
export function apiKeyCursor(key: ApiKeyRow): string {
  return encodeCursor([key.createdAt, key.id]);
}

/** A page of API keys, newest first. @throws CursorError */
export async function apiKeyPage(scope: ReadScope, window: Window): Promise<Slice<ApiKeyRow>> {
  const rows = await scope.database.for(scope.organizationId).apiKey.findMany({
    where: {
      organizationId: scope.organizationId,
      ...(window.after === null ? {} : olderThan(window.after)),
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: window.size + 1,
    select: columns,
  });
  return sliceOf(rows.map(apiKeyOf), window);
}

/** API keys by id, in the order asked for. */
export async function apiKeys(scope: ReadScope, ids: readonly string[]): Promise<(ApiKeyRow | null)[]> {
  const rows = await scope.database.for(scope.organizationId).apiKey.findMany({
    where: { organizationId: scope.organizationId, id: { in: [...new Set(ids)] } },
    select: columns,
  });
  return inOrder(ids, new Map(rows.map((row) => [row.id, apiKeyOf(row)])));
}

function olderThan(cursor: string) {
  const [at, id] = decodeCursor(cursor, ['instant', 'uuid']) as [string, string];
  const createdAt = new Date(at);
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}

interface StoredKey {
  id: string;
  name: string;
  prefix: string;
  role: string;
  scopes: string[];
  createdAt: Date;
  createdByKind: string;
  createdById: string | null;
  createdByRole: string | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  rateLimitedCount: number;
  rateLimitedAt: Date | null;
  previousEndsAt: Date | null;
  ingest: string | null;
}

function apiKeyOf(row: StoredKey): ApiKeyRow {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    role: row.role as MemberRole,
    scopes: row.scopes as ApiKeyScope[],
    createdAt: row.createdAt.toISOString(),
    createdBy: {
      kind: row.createdByKind as ActorKind,
      id: row.createdById,
      role: row.createdByRole as MemberRole | null,
    },
    expiresAt: row.expiresAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    rateLimitedCount: row.rateLimitedCount,
    lastRateLimitedAt: row.rateLimitedAt?.toISOString() ?? null,
    overlapEndsAt: row.previousEndsAt?.toISOString() ?? null,
    ingest: row.scopes.includes('INGEST') ? completeIngest(row.ingest) : null,
  };
}
