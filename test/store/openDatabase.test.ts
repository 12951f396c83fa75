import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

const organizationId = '019a0000-0000-7000-8000-000000000001';

describe('openDatabase', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());

  it('acts as the role and organization each call names, whatever the connection was before', async () => {
    const whoAmI = `select current_user::text as "user", current_setting('warroom.organization', true) as organization`;
    expect(await database.asOrganization(organizationId, whoAmI)).toEqual([
      { user: 'warroom_app', organization: organizationId },
    ]);
    expect(await database.asPlatform(whoAmI)).toEqual([{ user: 'warroom_platform', organization: '' }]);
    const other = organizationId.replace(/1$/, '2');
    expect(await database.asOrganization(other, whoAmI)).toEqual([
      { user: 'warroom_app', organization: other },
    ]);
  });

  it('gives instants as ISO text with milliseconds, bigints as text and bytes as they are', async () => {
    const [row] = await database.asPlatform(
      `select '2026-11-20 20:00:00.1234+01'::timestamptz as at, array['2026-01-01 00:00Z', null]::timestamptz[] as several,
        9007199254740993::bigint as big, '\\xff00'::bytea as bytes, 7 as small`,
    );
    expect(row).toEqual({
      at: '2026-11-20T19:00:00.123Z',
      several: ['2026-01-01T00:00:00.000Z', null],
      big: '9007199254740993',
      bytes: Buffer.from([255, 0]),
      small: 7,
    });
  });

  it('goes on after a statement failed, with the right identity', async () => {
    await expect(database.asPlatform('select 1/0')).rejects.toThrow('division by zero');
    const [row] = await database.asOrganization(organizationId, 'select current_user::text as "user"');
    expect(row).toEqual({ user: 'warroom_app' });
  });

  it('reads through Prisma as the organization, not as who founded it or anyone else', async () => {
    expect(await database.for(organizationId).incident.findMany()).toEqual([]);
    await expect(database.asOrganization(organizationId, 'delete from warroom.incident')).rejects.toThrow(
      'permission denied',
    );
  });
});
