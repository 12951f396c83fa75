import type { Instant } from '../../domain/instant.ts';
import type { Row } from '../database.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { InstantRange } from './incidentFilter.ts';
import { inOrder, type ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** Something that changed: a deployment, a configuration, a secret. */
export interface ChangeRow {
  readonly id: string;
  readonly at: Instant;
  readonly source: string | null;
  /** The service's name as it was told. */
  readonly service: string | null;
  readonly environment: string | null;
  readonly summary: string;
  /** JSON text. */
  readonly details: string | null;
  readonly links: readonly { readonly href: string; readonly text: string | null }[];
}

/** Which changes are wanted; null leaves a condition out, a list means any of. */
export interface ChangeFilter {
  /** Of this service, by whichever of its names. */
  readonly serviceId: string | null;
  readonly source: readonly string[] | null;
  readonly environment: readonly string[] | null;
  readonly at: InstantRange | null;
}

/** Before what recent changes are wanted. */
export interface Beginning {
  readonly serviceId: string | null;
  readonly environment: string | null;
  readonly at: Instant;
}

/** How long before it something still counts as recent, and how many are shown at most. */
const recentMinutes = 60;
const recentAtMost = 20;

const columns = 'c.id, c.at, c.source, c.service, c.environment, c.summary, c.details, c.links';

/** Where a change stands in the list of changes. */
export function changeCursor(change: ChangeRow): string {
  return encodeCursor([change.at, change.id]);
}

/** A page of an organization's changes, newest first. @throws CursorError */
export async function changePage(
  scope: ReadScope,
  filter: ChangeFilter,
  window: Window,
): Promise<Slice<ChangeRow>> {
  const statement = new Statement();
  const organization = statement.value(scope.organizationId);
  const conditions = [`c.organization_id = ${organization}`];
  if (filter.serviceId !== null) {
    conditions.push(`c.service_key IN (${namesOf(organization, statement.value(filter.serviceId))})`);
  }
  if (filter.source) conditions.push(`c.source = ANY(${statement.value(filter.source)}::text[])`);
  if (filter.environment)
    conditions.push(`c.environment = ANY(${statement.value(filter.environment)}::text[])`);
  if (filter.at?.from) conditions.push(`c.at >= ${statement.value(filter.at.from)}::timestamptz`);
  if (filter.at?.until) conditions.push(`c.at < ${statement.value(filter.at.until)}::timestamptz`);
  if (window.after !== null) {
    const [at, id] = decodeCursor(window.after, ['instant', 'uuid']);
    conditions.push(`(c.at, c.id) < (${statement.value(at)}::timestamptz, ${statement.value(id)}::uuid)`);
  }
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${columns} FROM warroom.change c WHERE ${conditions.join(' AND ')}
     ORDER BY c.at DESC, c.id DESC LIMIT ${statement.value(window.size + 1)}`,
    statement.parameters,
  );
  return sliceOf(rows.map(changeOf), window);
}

/** Changes by id, in the order asked for. */
export async function changesById(scope: ReadScope, ids: readonly string[]): Promise<(ChangeRow | null)[]> {
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${columns} FROM warroom.change c WHERE c.organization_id = $1 AND c.id = ANY($2::uuid[])`,
    [scope.organizationId, [...new Set(ids)]],
  );
  return inOrder(ids, new Map(rows.map((row) => [row.id as string, changeOf(row)])));
}

/**
 * What changed in the hour before each beginning, newest first, at most 20 each, in one statement: of the same service
 * and environment, or where the change or the beginning names none.
 */
export async function recentChanges(
  scope: ReadScope,
  beginnings: readonly Beginning[],
): Promise<ChangeRow[][]> {
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT asked.place, found.* FROM
       unnest($2::int[], $3::uuid[], $4::text[], $5::timestamptz[]) AS asked(place, service_id, environment, at)
     CROSS JOIN LATERAL (
       SELECT ${columns} FROM warroom.change c
       WHERE c.organization_id = $1 AND c.at > asked.at - make_interval(mins => $6) AND c.at <= asked.at
         AND (asked.service_id IS NULL OR c.service_key IS NULL
           OR c.service_key IN (${namesOf('$1', 'asked.service_id')}))
         AND (asked.environment = '' OR c.environment IS NULL
           OR lower(c.environment) = lower(asked.environment))
       ORDER BY c.at DESC, c.id DESC LIMIT $7
     ) found
     ORDER BY asked.place, found.at DESC, found.id DESC`,
    [
      scope.organizationId,
      beginnings.map((_, place) => place),
      beginnings.map(({ serviceId }) => serviceId),
      beginnings.map(({ environment }) => environment ?? ''),
      beginnings.map(({ at }) => at),
      recentMinutes,
      recentAtMost,
    ],
  );
  const found: ChangeRow[][] = beginnings.map(() => []);
  for (const row of rows) found[Number(row.place)]?.push(changeOf(row));
  return found;
}

/** The names of a service and of those that were merged into it, as names are compared. */
function namesOf(organization: string, serviceId: string): string {
  const names = `SELECT s.name_key FROM warroom.service s WHERE s.organization_id = ${organization}`;
  // Two lists, as each has its index.
  return `${names} AND s.id = ${serviceId}::uuid UNION ALL ${names} AND s.merged_into = ${serviceId}::uuid`;
}

function changeOf(row: Row): ChangeRow {
  return {
    id: row.id as string,
    at: row.at as Instant,
    source: row.source as string | null,
    service: row.service as string | null,
    environment: row.environment as string | null,
    summary: row.summary as string,
    details: row.details as string | null,
    links: JSON.parse(row.links as string) as ChangeRow['links'],
  };
}
