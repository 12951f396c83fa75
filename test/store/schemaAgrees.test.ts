import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

interface Model {
  readonly table: string;
  readonly columns: Column[];
  readonly primaryKey: string[];
  readonly uniqueKeys: string[];
  /** `columns -> table columns`. */
  readonly foreignKeys: string[];
}

/** Prisma's type and native type → PostgreSQL's. */
const types: Readonly<Record<string, string>> = {
  String: 'text',
  'String @db.Uuid': 'uuid',
  'String[]': 'text[]',
  Boolean: 'boolean',
  Int: 'integer',
  'Int @db.SmallInt': 'smallint',
  BigInt: 'bigint',
  Float: 'double precision',
  Bytes: 'bytea',
  'DateTime @db.Timestamptz(3)': 'timestamp(3) with time zone',
  'Unsupported("tsvector")': 'tsvector',
};

const listIn = (text: string | undefined) => (text ?? '').split(',').map((item) => item.trim());

/** What schema.prisma says of each table, in the database's own words. */
function modelsOf(schema: string): Model[] {
  const blocks = [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)];
  const tableOf = new Map(
    blocks.map(([, name, body]) => [name, /@@map\("(\w+)"\)/.exec(body ?? '')?.[1] ?? '']),
  );
  const columnsOf = new Map(
    blocks.map(([, name, body]) => [
      name,
      new Map(
        [...(body ?? '').matchAll(/^ {2}(\w+) +(\S+)(.*)$/gm)].map(([, field = '', , rest = '']) => [
          field,
          /@map\("(\w+)"\)/.exec(rest)?.[1] ?? field,
        ]),
      ),
    ]),
  );
  return blocks.map(([, name, body = '']) => {
    const column = (model: string | undefined, field: string) => columnsOf.get(model)?.get(field) ?? field;
    const model: Model = {
      table: tableOf.get(name) ?? '',
      columns: [],
      primaryKey: [],
      uniqueKeys: [],
      foreignKeys: [],
    };
    for (const [, field = '', type = '', rest = ''] of body.matchAll(/^ {2}(\w+) +(\S+)(.*)$/gm)) {
      const relation = /@relation\(.*fields: \[(.*?)\], references: \[(.*?)\]/.exec(rest);
      const target = type.replace(/[?[\]]/g, '');
      if (relation) {
        const own = listIn(relation[1]).map((item) => column(name, item));
        const theirs = listIn(relation[2]).map((item) => column(target, item));
        model.foreignKeys.push(`${own} -> ${tableOf.get(target)} ${theirs}`);
      }
      if (relation || tableOf.has(target)) continue;
      const native = /@db\.\w+(?:\(\d+\))?/.exec(rest)?.[0];
      const named = [type.replace('?', ''), native].filter(Boolean).join(' ');
      model.columns.push({
        name: column(name, field),
        type: types[named] ?? `unknown: ${named}`,
        nullable: type.endsWith('?'),
      });
      if (/@id\b/.test(rest)) model.primaryKey.push(column(name, field));
      if (/@unique\b/.test(rest)) model.uniqueKeys.push(column(name, field));
    }
    const ids = /@@id\(\[(.*?)\]\)/.exec(body);
    if (ids) model.primaryKey.push(...listIn(ids[1]).map((field) => column(name, field)));
    for (const [, fields] of body.matchAll(/@@unique\(\[(.*?)\]\)/g)) {
      model.uniqueKeys.push(
        listIn(fields)
          .map((field) => column(name, field))
          .join(','),
      );
    }
    return model;
  });
}

describe('schema.prisma and the migrated database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());

  const models = modelsOf(readFileSync(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8'));

  it('have the same tables', async () => {
    const rows = await database.asPlatform(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'warroom'::regnamespace AND relkind IN ('r', 'p')
         AND NOT relispartition AND relname <> '_prisma_migrations'`,
    );
    expect(models.map(({ table }) => table).sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  for (const model of models) {
    it(`agree on ${model.table}: columns, types, nullability, keys`, async () => {
      const columns = await database.asPlatform(
        `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable
         FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
        [`warroom.${model.table}`],
      );
      expect(model.columns).toEqual(columns);
      const keys = await database.asPlatform<{ kind: string; columns: string; target: string | null }>(
        `SELECT c.contype AS kind, r.relname || ' ' || (
             SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY AS k(attnum, n)
             JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum) AS target,
           (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY AS k(attnum, n)
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) AS columns
         FROM pg_constraint c LEFT JOIN pg_class r ON r.oid = c.confrelid
         WHERE c.conrelid = $1::regclass AND c.contype IN ('p', 'f')
         UNION ALL
         SELECT 'u', NULL, (
           SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)
           JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum)
         FROM pg_index i WHERE i.indrelid = $1::regclass AND i.indisunique AND NOT i.indisprimary
           -- schema.prisma has no word for one of some of the rows.
           AND i.indpred IS NULL`,
        [`warroom.${model.table}`],
      );
      const of = (kind: string) => keys.filter((key) => key.kind === kind);
      expect([model.primaryKey.join(',')]).toEqual(of('p').map((key) => key.columns));
      expect(model.uniqueKeys.sort()).toEqual(
        of('u')
          .map((key) => key.columns)
          .sort(),
      );
      expect(model.foreignKeys.sort()).toEqual(
        of('f')
          .map((key) => `${key.columns} -> ${key.target}`)
          .sort(),
      );
    });
  }
});
