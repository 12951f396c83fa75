import { type CleanedWhere, createAdapterFactory } from 'better-auth/adapters';
import type { IdentityCondition, IdentityRows, IdentityTable } from '../store/identity/identityRows.ts';
import { tokenDigest } from './tokenDigest.ts';

/** better-auth's names of its tables → ours. */
const tables: Readonly<Record<string, IdentityTable>> = {
  user: 'users',
  session: 'sessions',
  account: 'accounts',
  verification: 'verifications',
};

type Row = Record<string, unknown>;

/**
 * better-auth on our tables. It never opens a transaction: each of its steps is one statement that stands by itself, so
 * that the embedded database's one connection is never held between two. A session's token is kept as its SHA-256, and
 * nothing that an identity provider's tokens could go into exists.
 */
export function identityAdapter(rows: IdentityRows) {
  return createAdapterFactory({
    config: { adapterId: 'warroom', transaction: false, supportsDates: true, supportsBooleans: true },
    adapter: () => ({
      async create<T extends Row>({ model, data }: { model: string; data: T }): Promise<T> {
        const { token } = data;
        const kept = typeof token === 'string' ? { ...data, token: tokenDigest(token) } : data;
        return read(await rows.insert(tableOf(model), kept), token) as T;
      },
      async findOne<T>({ model, where }: { model: string; where: CleanedWhere[] }): Promise<T | null> {
        const [row] = await rows.select(tableOf(model), { where: conditions(where), limit: 1 });
        return (row ? read(row, tokenIn(where)) : null) as T | null;
      },
      async findMany<T>({ model, where, limit, sortBy, offset }: FindMany): Promise<T[]> {
        const found = await rows.select(tableOf(model), {
          where: conditions(where ?? []),
          limit,
          offset,
          sortBy: sortBy && { column: sortBy.field, direction: sortBy.direction },
        });
        return found.map((row) => read(row, tokenIn(where))) as T[];
      },
      count: ({ model, where }: { model: string; where?: CleanedWhere[] | undefined }) =>
        rows.count(tableOf(model), conditions(where ?? [])),
      async update<T>({ model, where, update }: Update<T>): Promise<T | null> {
        const [row] = await rows.update(tableOf(model), conditions(where), update as Row);
        return (row ? read(row, tokenIn(where)) : null) as T | null;
      },
      updateMany: async ({ model, where, update }: Update<Row>) =>
        (await rows.update(tableOf(model), conditions(where), update)).length,
      async delete({ model, where }: { model: string; where: CleanedWhere[] }): Promise<void> {
        await rows.remove(tableOf(model), conditions(where));
      },
      deleteMany: async ({ model, where }: { model: string; where: CleanedWhere[] }) =>
        (await rows.remove(tableOf(model), conditions(where))).length,
      // One statement, so that of two who bring the same one-time link only one finds it.
      async consumeOne<T>({ model, where }: { model: string; where: CleanedWhere[] }): Promise<T | null> {
        const [row] = await rows.remove(tableOf(model), conditions(where));
        return (row ? read(row, tokenIn(where)) : null) as T | null;
      },
    }),
  });
}

interface FindMany {
  readonly model: string;
  readonly where?: CleanedWhere[] | undefined;
  readonly limit: number;
  readonly sortBy?: { readonly field: string; readonly direction: 'asc' | 'desc' } | undefined;
  readonly offset?: number | undefined;
}

interface Update<T> {
  readonly model: string;
  readonly where: CleanedWhere[];
  readonly update: T;
}

function tableOf(model: string): IdentityTable {
  const table = tables[model];
  if (table === undefined) throw new Error(`Sign-in has no table for ${model}.`);
  return table;
}

function conditions(where: readonly CleanedWhere[]): IdentityCondition[] {
  return where.map(({ field, operator = 'eq', value, connector }, index) => {
    if (connector === 'OR' && index > 0) throw new Error('Sign-in asks for no alternatives.');
    if (!isOperator(operator)) throw new Error(`Sign-in does not ask with ${operator}.`);
    return { column: field, operator, value: field === 'token' ? digestOfEach(value) : value };
  });
}

function digestOfEach(value: unknown): unknown {
  return Array.isArray(value) ? value.map((one) => tokenDigest(String(one))) : tokenDigest(String(value));
}

function isOperator(operator: string): operator is IdentityCondition['operator'] {
  return ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'in'].includes(operator);
}

/** The token that was asked with: whoever knows it gets it back. */
function tokenIn(where: readonly CleanedWhere[] | undefined): unknown {
  return where?.find(({ field, operator }) => field === 'token' && operator === 'eq')?.value;
}

/** A row as better-auth expects it: instants as Date, the token as it was asked with. */
function read(row: Row, token: unknown): Row {
  const entries = Object.entries(row).map(([column, value]) => {
    if (column === 'token' && typeof token === 'string') return [column, token];
    return [column, column.endsWith('At') && typeof value === 'string' ? new Date(value) : value];
  });
  return Object.fromEntries(entries) as Row;
}
