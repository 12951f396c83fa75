import { isDeepStrictEqual } from 'node:util';

type Row = Readonly<Record<string, unknown>>;

/** Where the database says something else than the ledger. */
export interface Difference {
  readonly table: string;
  /** What the row is known by, beside the organization. */
  readonly key: string;
  /** What is wrong, as a sentence. */
  readonly problem: string;
}

/** Compares rows by key: what is expected must be there, column for column, and nothing else. */
export function compareRows(
  table: string,
  expected: ReadonlyMap<string, Row>,
  stored: ReadonlyMap<string, Row>,
): Difference[] {
  const differences: Difference[] = [];
  for (const [key, row] of expected) {
    const found = stored.get(key);
    if (found === undefined) {
      differences.push({ table, key, problem: 'the ledger makes this row, and it is missing' });
      continue;
    }
    for (const [column, value] of Object.entries(row)) {
      if (!isSame(column, value, found[column])) {
        const problem = `${column} is ${show(found[column])}; the ledger makes it ${show(value)}`;
        differences.push({ table, key, problem });
      }
    }
  }
  for (const key of stored.keys()) {
    if (!expected.has(key)) differences.push({ table, key, problem: 'no event makes this row' });
  }
  return differences;
}

/** A bigint arrives as text; null and absent are the same nothing; of a state's JSON only what it says matters. */
function isSame(column: string, expected: unknown, stored: unknown): boolean {
  if (expected == null || stored == null) return (expected ?? null) === (stored ?? null);
  if (column === 'state') {
    return isDeepStrictEqual(JSON.parse(String(expected)), JSON.parse(String(stored)));
  }
  if (typeof expected === 'object') return isDeepStrictEqual(expected, stored);
  return String(expected) === String(stored);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
