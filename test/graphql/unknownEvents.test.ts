import type { ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { idOf } from '../../src/graphql/globalId.ts';
import { declare, mutate } from '../support/mutate.ts';
import { writeUnknownAdministration, writeUnknownEvent } from '../support/newerProgram.ts';
import { openTestApi, type TestApi, type TestOrganization } from '../support/testApi.ts';

// While instances of two versions run, the older one meets events it does not know.

let api: TestApi;
let here: TestOrganization;
let admin: Principal;
/** Its second event is nobody's here, its third a tag. */
let id: string;
let first: number;

beforeAll(async () => {
  api = await openTestApi();
  here = await api.found('here');
  admin = here.user('ORG_ADMIN');
  ({ id, sequence: first } = await declare(api, admin));
  await writeUnknownEvent(api.database, here.organizationId, idOf('Incident', id) ?? '');
  await mutate(api, admin, 'addIncidentTag', { incidentId: id, tag: 'after' });
});
afterAll(() => api?.close());

const eventFields = `id __typename sequence type typeName message payload at hash
  ... on IncidentEvent { version isPublic statusBefore statusAfter }`;

const unknown = {
  __typename: 'IncidentUnknownEvent',
  type: 'UNKNOWN',
  typeName: 'INCIDENT_TELEPORTED',
  payload: { message: 'to the moon' },
  version: 2,
  isPublic: false,
  statusBefore: 'REPORTED',
  statusAfter: 'REPORTED',
};

type Shown = { readonly id: string; readonly type: string; readonly version: number };
type Page = { readonly nodes: readonly Shown[] };

describe('an event of a newer program', () => {
  test('is in the ledger, in the timeline and by its id, bare', async () => {
    const { data, errors } = await api.run<{ incidentEvents: Page; incident: { timeline: Page } }>(
      admin,
      `query($id: ID!) {
        incidentEvents(filter: { incidentId: $id }) { nodes { ${eventFields} } }
        incident(id: $id) { version timeline { nodes { ${eventFields} } } }
      }`,
      { id },
    );
    expect(errors).toEqual([]);
    expect(data.incident).toMatchObject({ version: 3 });
    for (const { nodes } of [data.incidentEvents, data.incident.timeline]) {
      expect(nodes.map(({ type }) => type)).toEqual(['INCIDENT_CREATED', 'UNKNOWN', 'INCIDENT_TAG_ADDED']);
      expect(nodes[1]).toMatchObject(unknown);
    }
    const byId = await api.run(
      admin,
      `query($id: ID!) { node(id: $id) { ... on LedgerEvent { ${eventFields} } } }`,
      {
        id: data.incidentEvents.nodes[1]?.id,
      },
    );
    expect(byId.data.node).toMatchObject(unknown);
  });

  test('is what a filter for UNKNOWN finds, and no other', async () => {
    const { data, errors } = await api.run<Record<string, Page>>(
      admin,
      `query($id: ID!) {
        only: incidentEvents(filter: { incidentId: $id, types: [UNKNOWN] }) { nodes { type version } }
        with: incidentEvents(filter: { incidentId: $id, types: [INCIDENT_CREATED, UNKNOWN] }) { nodes { version } }
        without: incidentEvents(filter: { incidentId: $id, types: [INCIDENT_CREATED] }) { nodes { version } }
      }`,
      { id },
    );
    expect(errors).toEqual([]);
    const versions = (field: string) => data[field]?.nodes.map(({ version }) => version);
    expect([versions('only'), versions('with'), versions('without')]).toEqual([[2], [1, 2], [1]]);
    const timeline = await api.run(
      admin,
      'query($id: ID!) { incident(id: $id) { timeline(types: [UNKNOWN]) { nodes { version } } } }',
      { id },
    );
    expect(timeline.data).toEqual({ incident: { timeline: { nodes: [{ version: 2 }] } } });
  });

  test('passes subscribers by, bare; what the incident was from there on is refused, not guessed', async () => {
    const begun = await api.subscribe(
      admin,
      `subscription($after: SafeInt) { incidentEvents(after: $after) { ${eventFields} } }`,
      { after: first - 1 },
    );
    const stream = begun as AsyncIterableIterator<ExecutionResult>;
    const results = [await stream.next(), await stream.next(), await stream.next()];
    await stream.return?.();
    expect(results.map(({ value }) => value.errors)).toEqual([undefined, undefined, undefined]);
    expect(results[1]?.value.data.incidentEvents).toMatchObject(unknown);

    const { data, errors } = await api.run<{ incidentEvents: { nodes: unknown[] } }>(
      admin,
      'query($id: ID!) { incidentEvents(filter: { incidentId: $id }, first: 1) { nodes { snapshot { version tags } } } }',
      { id },
    );
    expect(errors).toEqual([]);
    expect(data.incidentEvents.nodes).toEqual([{ snapshot: { version: 1, tags: ['declared'] } }]);
    const later = await api.run(
      admin,
      'query($after: SafeInt!) { incidentEvents(afterSequence: $after) { nodes { snapshot { version tags } } } }',
      { after: first },
    );
    expect(new Set(later.errors.map(({ code }) => code))).toEqual(new Set(['SERVER_OUTDATED']));
    expect(JSON.stringify(later.data)).not.toContain('tags');
  });

  test('takes asOf from its instant on, and leaves what was before and other incidents alone', async () => {
    const other = await declare(api, admin);
    const { data, errors } = await api.run(
      admin,
      `query($id: ID!, $other: ID!, $first: SafeInt!, $second: SafeInt!, $last: SafeInt!) {
        incident(id: $id) {
          before: asOf(sequence: $first) { version }
          at: asOf(sequence: $second) { version }
          after: asOf(sequence: $last) { version tags }
        }
        other: incident(id: $other) { asOf(sequence: $last) { version } }
      }`,
      { id, other: other.id, first, second: first + 1, last: other.sequence },
    );
    expect(data).toEqual({
      incident: { before: { version: 1 }, at: null, after: null },
      other: { asOf: { version: 1 } },
    });
    expect(errors.map(({ code }) => code)).toEqual(['SERVER_OUTDATED', 'SERVER_OUTDATED']);
  });

  test('that changes an incident somebody watches shows it as the database has it', async () => {
    const watched = await declare(api, admin);
    const begun = await api.subscribe(
      admin,
      'subscription($id: ID!) { incidentChanged(id: $id) { version status } }',
      { id: watched.id },
    );
    const stream = begun as AsyncIterableIterator<ExecutionResult>;
    expect((await stream.next()).value.data.incidentChanged).toMatchObject({ version: 1 });
    const next = stream.next();
    await writeUnknownEvent(api.database, here.organizationId, idOf('Incident', watched.id) ?? '');
    expect((await next).value.data.incidentChanged).toEqual({ version: 2, status: 'REPORTED' });
    await stream.return?.();
  });

  test('of a newer shape: the incident is neither shown nor changed', async () => {
    const newer = await declare(api, admin);
    await writeUnknownEvent(api.database, here.organizationId, idOf('Incident', newer.id) ?? '', {
      shape: 99,
    });
    const { data, errors } = await api.run(admin, 'query($id: ID!) { incident(id: $id) { version } }', {
      id: newer.id,
    });
    expect([data, errors.map(({ code }) => code)]).toEqual([{ incident: null }, ['SERVER_OUTDATED']]);
    const bare = await api.run<{ incidentEvents: Page }>(
      admin,
      `query($after: SafeInt!) { incidentEvents(afterSequence: $after) { nodes { ${eventFields} } } }`,
      { after: newer.sequence },
    );
    expect(bare.errors).toEqual([]);
    expect(bare.data.incidentEvents.nodes[0]).toMatchObject(unknown);
    await expect(mutate(api, admin, 'addIncidentTag', { incidentId: newer.id, tag: 't' })).rejects.toThrow(
      'SERVER_OUTDATED',
    );
  });

  test('is in the administration ledger what it is in the other', async () => {
    await writeUnknownAdministration(api.database, here.organizationId);
    const { data, errors } = await api.run<{ administrationEvents: Page; only: Page }>(
      admin,
      `{ administrationEvents { nodes { __typename id sequence type typeName message payload } }
         only: administrationEvents(types: [UNKNOWN]) { nodes { type typeName } } }`,
    );
    expect(errors).toEqual([]);
    expect(data.administrationEvents.nodes.at(-1)).toMatchObject({
      __typename: 'AdministrationEvent',
      type: 'UNKNOWN',
      typeName: 'MOON_ADDED',
      message: 'Warroom: MOON_ADDED.',
      payload: { moon: 'Io' },
    });
    expect(data.only.nodes).toEqual([{ type: 'UNKNOWN', typeName: 'MOON_ADDED' }]);
  });
});
