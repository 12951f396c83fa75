import type { Database, Row } from '../database.ts';

/** The columns of each table of sign-in; nothing else is ever named in a statement. */
const columns = {
  users: ['id', 'name', 'email', 'emailVerified', 'image', 'createdAt', 'updatedAt'],
  sessions: [
    'id',
    'token',
    'userId',
    'expiresAt',
    'createdAt',
    'updatedAt',
    'ipAddress',
    'userAgent',
    'signedInBy',
  ],
  accounts: ['id', 'accountId', 'providerId', 'userId', 'password', 'scope', 'createdAt', 'updatedAt'],
  verifications: ['id', 'identifier', 'value', 'expiresAt', 'createdAt', 'updatedAt'],
} as const;

/** A table of sign-in. */
export type IdentityTable = keyof typeof columns;

/** One condition on a row; all of them must hold. */
export interface IdentityCondition {
  readonly column: string;
  readonly operator: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte' | 'in';
  readonly value: unknown;
}

/** Which rows, in which order, how many. */
export interface IdentitySelection {
  readonly where: readonly IdentityCondition[];
  readonly sortBy?: { readonly column: string; readonly direction: 'asc' | 'desc' } | undefined;
  readonly limit?: number;
  readonly offset?: number | undefined;
}

/** Rows of sign-in's tables, read and written as warroom_identity: one statement each, so that no transaction stays open. */
export interface IdentityRows {
  /**
   * Answers the row as it was written, or the same one that somebody else wrote at that moment. Columns the table has
   * not are left out.
   */
  insert(table: IdentityTable, row: Row): Promise<Row>;
  /** At most 100 rows unless a lower `limit` is given. */
  select(table: IdentityTable, selection: IdentitySelection): Promise<Row[]>;
  count(table: IdentityTable, where: readonly IdentityCondition[]): Promise<number>;
  /** Answers the rows as they are now. */
  update(table: IdentityTable, where: readonly IdentityCondition[], changes: Row): Promise<Row[]>;
  /** Answers the rows that were there. */
  remove(table: IdentityTable, where: readonly IdentityCondition[]): Promise<Row[]>;
}

/**
 * What two who write one of these at once mean the same by: a person whose address is proven, and what an identity
 * provider knows them by. Never a password.
 */
const sameness: Partial<Record<IdentityTable, readonly string[]>> = {
  users: ['email', 'emailVerified'],
  accounts: ['providerId', 'accountId', 'userId', 'password'],
};

const selectedAtMost = 100;
const operators = { eq: '=', ne: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/** @throws Error for a condition without which a statement would mean every row, or a column that does not exist. */
export function createIdentityRows(database: Pick<Database, 'asIdentity'>): IdentityRows {
  return {
    async insert(table, row) {
      const statement = new Parameters();
      const own = ownColumns(table, row);
      const [written] = await database.asIdentity(
        `INSERT INTO warroom.${table} (${own.map(quoted).join(', ')})
         VALUES (${own.map((column) => statement.value(row[column])).join(', ')})
         ON CONFLICT DO NOTHING RETURNING ${listOf(table)}`,
        statement.values,
      );
      if (written !== undefined) return written;
      const alike = sameness[table]?.map(
        (column): IdentityCondition => ({ column, operator: 'eq', value: row[column] ?? null }),
      );
      const [before] = alike === undefined ? [] : await this.select(table, { where: alike, limit: 1 });
      if (before === undefined) throw new Error(`There is another row of ${table} in its place.`);
      return before;
    },
    select(table, { where, sortBy, limit, offset }) {
      const statement = new Parameters();
      const order = sortBy
        ? `ORDER BY ${known(table, sortBy.column)} ${sortBy.direction === 'desc' ? 'DESC' : 'ASC'}`
        : '';
      return database.asIdentity(
        `SELECT ${listOf(table)} FROM warroom.${table} WHERE ${statement.conditions(table, where)} ${order}
         LIMIT ${statement.value(Math.min(limit ?? selectedAtMost, selectedAtMost))}
         OFFSET ${statement.value(offset ?? 0)}`,
        statement.values,
      );
    },
    async count(table, where) {
      const statement = new Parameters();
      const [row] = await database.asIdentity<{ count: number }>(
        `SELECT count(*)::int AS count FROM warroom.${table} WHERE ${statement.conditions(table, where)}`,
        statement.values,
      );
      return row?.count ?? 0;
    },
    async update(table, where, changes) {
      const statement = new Parameters();
      const own = ownColumns(table, changes);
      if (own.length === 0) return this.select(table, { where });
      const assignments = own.map((column) => `${quoted(column)} = ${statement.value(changes[column])}`);
      return database.asIdentity(
        `UPDATE warroom.${table} SET ${assignments.join(', ')}
         WHERE ${statement.conditions(table, where)} RETURNING ${listOf(table)}`,
        statement.values,
      );
    },
    remove(table, where) {
      const statement = new Parameters();
      return database.asIdentity(
        `DELETE FROM warroom.${table} WHERE ${statement.conditions(table, where)} RETURNING ${listOf(table)}`,
        statement.values,
      );
    },
  };
}

class Parameters {
  readonly values: unknown[] = [];

  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  conditions(table: IdentityTable, where: readonly IdentityCondition[]): string {
    if (where.length === 0) throw new Error(`No condition on ${table}: that would be every row.`);
    return where
      .map(({ column, operator, value }) => {
        const name = known(table, column);
        if (operator === 'in') return `${name} = ANY(${this.value(value)})`;
        if (value === null) return `${name} IS ${operator === 'eq' ? '' : 'NOT '}NULL`;
        return `${name} ${operators[operator]} ${this.value(value)}`;
      })
      .join(' AND ');
  }
}

function ownColumns(table: IdentityTable, row: Row): string[] {
  return columns[table].filter((column) => row[column] !== undefined);
}

function known(table: IdentityTable, column: string): string {
  if (!(columns[table] as readonly string[]).includes(column))
    throw new Error(`${table} has no column ${column}.`);
  return quoted(column);
}

function listOf(table: IdentityTable): string {
  return columns[table].map(quoted).join(', ');
}

function quoted(column: string): string {
  return `"${column}"`;
}
