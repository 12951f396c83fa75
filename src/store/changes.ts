import { nameKey } from '../domain/incident/naming.ts';
import type { Instant } from '../domain/instant.ts';
import type { Database } from './database.ts';

/** A change as it is noted. */
export interface NotedChange {
  readonly id: string;
  readonly organizationId: string;
  readonly apiKeyId: string;
  /** 64 hexadecimal digits; two of one API key with the same are one change. */
  readonly digest: string;
  readonly at: Instant;
  readonly receivedAt: Instant;
  /** At most 100 characters each, as are service and environment; the summary at most 1,024. */
  readonly source: string | null;
  readonly service: string | null;
  readonly environment: string | null;
  readonly summary: string;
  /** JSON text. */
  readonly details: string | null;
  /** JSON text of `[{href, text}]`. */
  readonly links: string;
}

/** Notes a change; returns once it is durable. @throws Error of the database. */
export async function noteChange(
  database: Pick<Database, 'asOrganization'>,
  { organizationId, ...change }: NotedChange,
): Promise<void> {
  const row = {
    id: change.id,
    api_key_id: change.apiKeyId,
    digest: change.digest,
    at: change.at,
    received_at: change.receivedAt,
    source: change.source,
    service: change.service,
    service_key: change.service === null ? null : nameKey(change.service),
    environment: change.environment,
    summary: change.summary,
    details: change.details,
    links: change.links,
  };
  await database.asOrganization(organizationId, 'SELECT warroom.note_change($1, $2)', [
    organizationId,
    JSON.stringify(row),
  ]);
}
