import { afterAll, beforeAll, expect, test } from 'vitest';
import { verify } from '../../src/app/verify.ts';
import { databaseLedgerSource } from '../../src/store/read/ledgerRows.ts';
import { mutate } from '../support/graphqlClient.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

let serving: Serving;

beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving?.stop());

test('what the program itself wrote has nothing wrong, past ten events and past a page', async () => {
  const declare = (n: number) =>
    mutate(
      serving.url,
      servingKey,
      'declareIncident',
      { title: `incident ${n}`, severity: 'SEV3' },
      'sequence',
    );
  await Promise.all(Array.from({ length: 600 }, (_, n) => declare(n)));
  const source = databaseLedgerSource(serving.database);
  const report = await verify({ source, now: new Date().toISOString() });
  expect(report.tampering).toEqual([]);
  expect(report.events).toBeGreaterThan(600);
  const [organization] = await source.organizations();
  const rows = await source.rows(organization?.id ?? '', 'INCIDENTS', 5, 20);
  expect(rows.map((row) => row.sequence)).toEqual(Array.from({ length: 20 }, (_, index) => index + 6));
}, 60_000);
