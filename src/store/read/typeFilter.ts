import type { LedgerEventType } from '../../domain/ledger/ledger.ts';
import type { Statement } from './statement.ts';

/** Which types of entries are wanted: any of `of`; with `besides` also every type that is not among those. */
export interface TypeFilter {
  readonly of: readonly LedgerEventType[];
  readonly besides: readonly LedgerEventType[] | null;
}

/** The condition on the type of `ledger_event` as `e`. */
export function typeCondition({ of, besides }: TypeFilter, statement: Statement): string {
  const among = `e.type = ANY(${statement.value(of)}::text[])`;
  return besides === null ? among : `(${among} OR e.type <> ALL(${statement.value(besides)}::text[]))`;
}
