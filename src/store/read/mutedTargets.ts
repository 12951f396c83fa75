import type { Instant } from '../../domain/instant.ts';
import type { Row } from '../database.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** A target whose runs count for no burst. */
export interface MutedTargetRow {
  readonly source: string;
  readonly target: string;
  readonly since: Instant;
  readonly bulkActionId: string;
}

/** Where a muted target stands in the list of its source. */
export function mutedTargetCursor({ target }: MutedTargetRow): string {
  return encodeCursor([target]);
}

/** A page of the muted targets of a source, by name. @throws CursorError */
export async function mutedTargetPage(
  scope: ReadScope,
  source: string,
  window: Window,
): Promise<Slice<MutedTargetRow>> {
  const statement = new Statement();
  const conditions = [
    `m.organization_id = ${statement.value(scope.organizationId)}`,
    `m.source = ${statement.value(source)}`,
    'm.until IS NULL',
  ];
  const bound = (cursor: string) => statement.value(decodeCursor(cursor, ['text'])[0]);
  if (window.after !== null) conditions.push(`m.target > ${bound(window.after)}`);
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT m.source, m.target, m.since, m.bulk_action_id FROM warroom.muted_target m
     WHERE ${conditions.join(' AND ')} ORDER BY m.target LIMIT ${statement.value(window.size + 1)}`,
    statement.parameters,
  );
  return sliceOf(rows.map(mutedTargetOf), window);
}

function mutedTargetOf(row: Row): MutedTargetRow {
  return {
    source: row.source as string,
    target: row.target as string,
    since: row.since as Instant,
    bulkActionId: row.bulk_action_id as string,
  };
}
