import { DatabaseBusyError } from '../store/databaseBusy.ts';

/** What a failed statement says about whether it was carried out, and whether it may be tried again. */
export type StoreFailure =
  /** The database refused the statement itself: nothing was done, and it will refuse it again. */
  | 'rejected'
  /** The database undid it for reasons of the moment (a deadlock, a lock, its own time limit): try again. */
  | 'undone'
  /** The connection died: it may have been carried out, or may be yet. */
  | 'unknown';

/**
 * SQLSTATEs after which a statement is undone but may succeed the next time: serialization failure, deadlock, lock not
 * available, query cancelled (statement_timeout), out of resources.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const passing = /^(?:40001|40P01|55P03|57014|53...)$/;

/**
 * Connection failures and shutdowns: the statement's own fate is not told. Prisma's own codes of these are among them.
 * Source: https://www.prisma.io/docs/orm/reference/error-reference
 */
const lost = /^(?:08...|57P0.|P1...|P2024|P2037)$/;

/** Reads a thrown database error. Whatever has no SQLSTATE never reached an answer, so its outcome is unknown. */
export function storeFailure(error: unknown): StoreFailure {
  // It never had a connection to run on.
  if (error instanceof DatabaseBusyError) return 'undone';
  const code = (error as { readonly code?: unknown } | null)?.code;
  // No SQLSTATE begins with E; errors of the operating system (EPIPE) do.
  if (typeof code !== 'string' || !/^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code)) return 'unknown';
  if (lost.test(code)) return 'unknown';
  return passing.test(code) ? 'undone' : 'rejected';
}

/**
 * The same of a statement that only reads. What was stored may be more than this program can make sense of (a state
 * that cannot be folded): that says nothing about the connection, and trying again will not help.
 */
export function readFailure(error: unknown): StoreFailure {
  const isFault = error instanceof TypeError || error instanceof SyntaxError || error instanceof RangeError;
  return isFault ? 'rejected' : storeFailure(error);
}
