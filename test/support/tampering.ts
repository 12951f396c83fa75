import type { LedgerRow } from '../../src/store/ledgerSource.ts';

/** Rows after a tampering, and the first sequence that cannot be trusted any more. */
export interface Tampered {
  readonly rows: readonly LedgerRow[];
  readonly bad: number;
}

/** Changes the rows at index `at`; `other`, any whole number, chooses what else there is to choose. */
export type Tamper = (rows: readonly LedgerRow[], at: number, other: number) => Tampered;

const columns = [
  'number',
  'incidentId',
  'version',
  'type',
  'commandId',
  'at',
  'isPublic',
  'severity',
  'previousHash',
  'hash',
] as const satisfies readonly (keyof LedgerRow)[];

/** Another digit in place of the last one. */
const otherDigit = (text: string): string =>
  text.replace(/[0-9a-f](?=Z?$)/, (digit) => (digit === '0' ? '1' : '0'));

/** One column with something else in it that the column's type and checks allow. */
function altered(row: LedgerRow, column: (typeof columns)[number]): LedgerRow {
  switch (column) {
    case 'number':
    case 'version':
      return { ...row, [column]: (row[column] ?? 0) + 1_000 };
    case 'isPublic':
      return { ...row, isPublic: !row.isPublic };
    case 'type':
      return { ...row, type: `${row.type}_X` };
    case 'severity':
      return { ...row, severity: row.severity === 'SEV1' ? null : 'SEV1' };
    default:
      return { ...row, [column]: otherDigit(row[column] ?? '') };
  }
}

const numbered = (rows: readonly LedgerRow[]): LedgerRow[] =>
  rows.map((row, index) => ({ ...row, sequence: index + 1 }));

/** Kinds of tampering by someone who can write the table, but leaves hashes as they are. */
export const tamperings: Readonly<Record<string, Tamper>> = {
  edit(rows, at, other) {
    const row = rows[at] as LedgerRow;
    const place = other % row.body.length;
    const letter = row.body[place] === 'x' ? 'y' : 'x';
    const body = row.body.slice(0, place) + letter + row.body.slice(place + 1);
    return { rows: rows.with(at, { ...row, body }), bad: at + 1 };
  },
  column: (rows, at, other) => ({
    rows: rows.with(at, altered(rows[at] as LedgerRow, columns[other % columns.length] ?? 'type')),
    bad: at + 1,
  }),
  deletion: (rows, at) => ({ rows: rows.toSpliced(at, 1), bad: at + 1 }),
  'deletion, renumbered': (rows, at) => ({ rows: numbered(rows.toSpliced(at, 1)), bad: at + 1 }),
  swap(rows, at, other) {
    const first = at;
    const second = other % rows.length === at ? (at + 1) % rows.length : other % rows.length;
    const [one, two] = [rows[first] as LedgerRow, rows[second] as LedgerRow];
    return { rows: numbered(rows.with(first, two).with(second, one)), bad: Math.min(first, second) + 1 };
  },
  insertion(rows, at) {
    // No two events of an incident share a version.
    const row = rows[at] as LedgerRow;
    return { rows: numbered(rows.toSpliced(at, 0, altered(row, 'version'))), bad: at + 1 };
  },
  'insertion of a copy'(rows, at) {
    const row = rows[at] as LedgerRow;
    return { rows: numbered(rows.toSpliced(at + 1, 0, altered(row, 'version'))), bad: at + 2 };
  },
};
