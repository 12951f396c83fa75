import type { DeadLetter, NotReplayable } from '../../domain/detection/deadLetter.ts';
import type { Instant } from '../../domain/instant.ts';
import type { FieldProblem } from '../../domain/refusal.ts';
import type { Row } from '../database.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** Which dead letters are wanted; null leaves a condition out. */
export interface DeadLetterFilter {
  readonly apiKeyId: string | null;
  readonly format: string | null;
}

const columns = `d.id, d.api_key_id, d.format, d.reason, d.problems, d.not_replayable, d.declared_bytes,
  d.bytes, d.count, d.first_received_at, d.last_received_at`;

/** Where a letter stands in the list. */
export function deadLetterCursor({ lastReceivedAt, id }: DeadLetter): string {
  return encodeCursor([lastReceivedAt, id]);
}

/** A page of dead letters, the latest received first, without their bodies. @throws CursorError */
export async function deadLetterPage(
  scope: ReadScope,
  filter: DeadLetterFilter,
  window: Window,
): Promise<Slice<DeadLetter>> {
  const statement = new Statement();
  const conditions = [`d.organization_id = ${statement.value(scope.organizationId)}`];
  if (filter.apiKeyId !== null) conditions.push(`d.api_key_id = ${statement.value(filter.apiKeyId)}::uuid`);
  if (filter.format !== null) conditions.push(`d.format = ${statement.value(filter.format)}`);
  if (window.after !== null) {
    const [at, id] = decodeCursor(window.after, ['instant', 'uuid']);
    conditions.push(
      `(d.last_received_at, d.id) < (${statement.value(at)}::timestamptz, ${statement.value(id)}::uuid)`,
    );
  }
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${columns} FROM warroom.dead_letter d WHERE ${conditions.join(' AND ')}
     ORDER BY d.last_received_at DESC, d.id DESC LIMIT ${statement.value(window.size + 1)}`,
    statement.parameters,
  );
  return sliceOf(rows.map(letterOf), window);
}

/** Bodies of dead letters by id, in the order asked for; null for those that are gone. */
export async function deadLetterBodies(
  { database, organizationId }: ReadScope,
  ids: readonly string[],
): Promise<(Uint8Array | null)[]> {
  const rows = await database.asOrganization<{ id: string; body: Uint8Array }>(
    organizationId,
    'SELECT id, body FROM warroom.dead_letter WHERE organization_id = $1 AND id = ANY ($2::uuid[])',
    [organizationId, [...new Set(ids)]],
  );
  const found = new Map(rows.map(({ id, body }) => [id, body]));
  return ids.map((id) => found.get(id) ?? null);
}

/** A dead letter by id; null when it is gone. */
export async function deadLetter(
  { database, organizationId }: ReadScope,
  id: string,
): Promise<DeadLetter | null> {
  const [row] = await database.asOrganization(
    organizationId,
    `SELECT ${columns} FROM warroom.dead_letter d WHERE d.organization_id = $1 AND d.id = $2`,
    [organizationId, id],
  );
  return row === undefined ? null : letterOf(row);
}

function letterOf(row: Row): DeadLetter {
  return {
    id: row.id as string,
    apiKeyId: row.api_key_id as string,
    format: row.format as string,
    reason: row.reason as string,
    problems: JSON.parse(row.problems as string) as FieldProblem[],
    notReplayable: row.not_replayable as NotReplayable | null,
    declaredBytes: row.declared_bytes as number | null,
    bytes: row.bytes as number,
    count: row.count as number,
    firstReceivedAt: row.first_received_at as Instant,
    lastReceivedAt: row.last_received_at as Instant,
  };
}
