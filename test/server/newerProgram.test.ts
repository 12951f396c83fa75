import { afterAll, beforeAll, expect, it } from 'vitest';
import { idOf } from '../../src/graphql/globalId.ts';
import { mutate, post, socketClient } from '../support/graphqlClient.ts';
import { writeUnknownEvent } from '../support/newerProgram.ts';
import { type Serving, servingKey, startServing } from '../support/serving.ts';

let serving: Serving;
beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving?.stop());

interface Heard {
  readonly data?: { readonly incidentEvents: { readonly type: string; readonly snapshot?: object } } | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

function heardOver(query: string): Heard[] {
  const heard: Heard[] = [];
  const client = socketClient(serving.url, servingKey);
  client.subscribe(
    { query },
    { next: (result) => void heard.push(result as unknown as Heard), error: () => {}, complete: () => {} },
  );
  return heard;
}

it('what a newer program writes passes live subscribers; asked to look behind it, this one is not ready', async () => {
  const { url, database } = serving;
  const declared = await mutate<{ incident: { id: string } }>(
    url,
    servingKey,
    'declareIncident',
    { title: 'Newer', severity: 'SEV4' },
    'incident { id }',
  );
  const [{ organization_id: organizationId } = { organization_id: '' }] = await database.asPlatform<{
    organization_id: string;
  }>('SELECT organization_id FROM warroom.organization WHERE slug = $1', ['default']);
  const bare = heardOver('subscription { incidentEvents(after: 0) { type typeName version } }');
  await expect.poll(() => bare.length, { timeout: 10_000 }).toBe(1);
  await writeUnknownEvent(database, organizationId, idOf('Incident', declared.incident.id) ?? '');
  await expect.poll(() => bare.length, { timeout: 10_000 }).toBe(2);
  expect(bare[1]).toEqual({
    data: { incidentEvents: { type: 'UNKNOWN', typeName: 'INCIDENT_TELEPORTED', version: 2 } },
  });
  // The tail has gone on: what comes after is seen, too.
  await mutate(
    url,
    servingKey,
    'addIncidentTag',
    { incidentId: declared.incident.id, tag: 'later' },
    'sequence',
  );
  await expect.poll(() => bare.length, { timeout: 10_000 }).toBe(3);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);

  const behind = heardOver('subscription { incidentEvents(after: 1) { type snapshot { version } } }');
  await expect.poll(() => behind.length, { timeout: 10_000 }).toBe(2);
  expect(behind[0]).toMatchObject({ data: null, errors: [{ extensions: { code: 'SERVER_OUTDATED' } }] });
  const ready = await fetch(`${url}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ checks: { version: { ok: false } } });
  // It goes on showing what it can.
  expect((await post(url, servingKey, '{ incidentEvents { nodes { type } } }')).errors).toEqual([]);
});
