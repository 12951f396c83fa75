import type { LossReason } from '../../domain/detection/judgeDelivery.ts';
import type { Instant } from '../../domain/instant.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { InstantRange } from './incidentFilter.ts';
import type { ReadScope } from './scope.ts';
import { type Slice, sliceOf, type Window } from './slice.ts';
import { Statement } from './statement.ts';

/** Signals that one rule or window kept from being part of an incident in one hour. */
export interface LostSignalsRow {
  readonly hour: Instant;
  readonly reason: LossReason;
  readonly name: string;
  readonly count: number;
  readonly lastAt: Instant;
}

/** Where a row stands in the list. */
export function lostSignalsCursor({ hour, reason, name }: LostSignalsRow): string {
  return encodeCursor([hour, reason, name]);
}

/** A page of what was lost, newest hour first. `name`: of this rule or window only. @throws CursorError */
export async function lostSignals(
  { database, organizationId }: ReadScope,
  filter: { readonly name: string | null; readonly at: InstantRange | null },
  window: Window,
): Promise<Slice<LostSignalsRow>> {
  const statement = new Statement();
  const conditions = [`l.organization_id = ${statement.value(organizationId)}`];
  if (filter.name !== null) conditions.push(`l.name = ${statement.value(filter.name)}`);
  const { from = null, until = null } = filter.at ?? {};
  if (from !== null) conditions.push(`l.hour >= ${statement.value(from)}::timestamptz`);
  if (until !== null) conditions.push(`l.hour < ${statement.value(until)}::timestamptz`);
  if (window.after !== null) {
    const [hour, reason, name] = decodeCursor(window.after, ['instant', 'text', 'text']);
    const place = `(${statement.value(hour)}::timestamptz, ${statement.value(reason)}, ${statement.value(name)})`;
    conditions.push(`(l.hour, l.reason, l.name) < ${place}`);
  }
  const rows = await database.asOrganization(
    organizationId,
    `SELECT l.hour, l.reason, l.name, l.count, l.last_at FROM warroom.lost_signal l
     WHERE ${conditions.join(' AND ')} ORDER BY l.hour DESC, l.reason DESC, l.name DESC
     LIMIT ${statement.value(window.size + 1)}`,
    statement.parameters,
  );
  const items = rows.map(
    (row): LostSignalsRow => ({
      hour: row.hour as Instant,
      reason: row.reason as LossReason,
      name: row.name as string,
      count: Number(row.count),
      lastAt: row.last_at as Instant,
    }),
  );
  return sliceOf(items, window);
}
