import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { actingInPlatform } from '../support/actingInPlatform.ts';
import { type FuzzOperation, operationsOf, pagesOf } from '../support/fuzzOperations.ts';
import { mutate } from '../support/mutate.ts';
import { seeded } from '../support/random.ts';
import { openTestApi, type TestApi } from '../support/testApi.ts';
import { fillOrganization } from './fillOrganization.ts';

/** Calls of the long form, after every operation was called about every id once. */
const calls = Number(process.env.WARROOM_FUZZ_CALLS ?? 500);

/** What every text of the other organization holds; seen here, it leaked. */
const marker = 'XQ7-THEIRS-ONLY';

let api: TestApi;
let ours: Principal;
let theirs: Principal;
/** Every node id of the other organization that its own administrator can see. */
let foreignIds: readonly string[];
/** Every position in a list of theirs that their administrator is told. */
const foreignCursors = new Set<string>();
/** An open incident of ours. */
let ownId: string;
/** Everything inside those ids that must not be seen: uuids and user ids. */
let foreignWords: readonly string[];

/** An incident of the whole installation that holds `marker` wherever it may, with one entry approved in other words. */
async function fillPlatform(): Promise<void> {
  const acting = await actingInPlatform(api);
  const declaring = { title: 'Known to all', description: marker, severity: 'SEV1', tags: [marker] };
  const declared = await mutate(api, acting, 'declareIncident', declaring);
  const incidentId = declared.incident?.id;
  for (const isPublic of [true, false]) {
    await mutate(api, acting, 'addIncidentNote', { incidentId, message: marker, isPublic });
  }
  const proposed = { incidentId, message: marker, isPublic: true };
  const noted = await mutate(api, acting, 'addIncidentNote', proposed);
  const approving = { sequence: noted.sequence, message: 'In other words' };
  const approved = await mutate(api, acting, 'approvePlatformEvent', approving);
  if (approved.published !== true) throw new Error(JSON.stringify(approved));
}

/** Every string of an answer that is a node id. */
function nodeIdsIn(text: string): string[] {
  const found = text.match(/[A-Za-z0-9+/]{12,}={0,2}/g) ?? [];
  return found.filter((word) =>
    /^[A-Z][A-Za-z]+:[\w:-]+$/.test(Buffer.from(word, 'base64').toString('utf8')),
  );
}

/** What a preview of rules says again: what it was sent, which says nothing of theirs. */
const repeated = new Set(['source', 'summary', 'title']);
const text = (name: string): string => {
  if (name === 'correlationKey') return 'shared-key';
  return repeated.has(name) ? 'said by us' : marker;
};

async function answerOf(principal: Principal, operation: FuzzOperation, id: string): Promise<string> {
  return JSON.stringify(await api.run(principal, operation.document, operation.variables(id)));
}

beforeAll(async () => {
  api = await openTestApi();
  const us = await api.found('ours');
  const them = await api.found('theirs');
  ours = us.user('ORG_ADMIN');
  theirs = them.user('ORG_ADMIN');
  ownId = await fillOrganization(api, ours, us.userId, 'ours');
  await fillPlatform();
  const theirOpen = await fillOrganization(api, theirs, them.userId, marker);
  const seen = new Set<string>([toGlobalId('User', them.userId)]);
  const pending = [''];
  for (const id of pending) {
    for (const operation of operationsOf(api.schema, 'query', { text, ownId: theirOpen, depth: 2 })) {
      if (id !== '' && operation.name !== 'node(id)') continue;
      const answer = await answerOf(theirs, operation, id);
      for (const [, cursor = ''] of answer.matchAll(/"cursor":"([^"]+)"/g)) foreignCursors.add(cursor);
      for (const found of nodeIdsIn(answer)) {
        if (!seen.has(found)) pending.push(found);
        seen.add(found);
      }
    }
  }
  foreignIds = [...seen];
  foreignWords = [
    ...new Set(
      foreignIds
        .map((id) => Buffer.from(id, 'base64').toString('utf8').split(':').slice(1).join(':'))
        // Sequences are counted in every organization: `I:1` is ours, too.
        .filter((word) => !/^[IA]:\d+$/.test(word)),
    ),
  ];
}, 120_000);
afterAll(() => api?.close());

/** An id of the same type that nobody has. */
function absentLike(id: string): string {
  const [type = '', ledger] = Buffer.from(id, 'base64').toString('utf8').split(':');
  if (/^[IA]$/.test(ledger ?? '')) return toGlobalId(type, `${ledger}:999999`);
  return toGlobalId(type, type === 'User' ? 'user-nobody' : randomUUID());
}

/** Ids of events say a sequence only, which both organizations have; every other id is of one organization. */
const isOfOne = (id: string): boolean => !/:[IA]:\d+$/.test(Buffer.from(id, 'base64').toString('utf8'));

/** What repeats what it is given: what would become of it, or what there is by its keys. */
const trials = ['previewRules', 'previewMapping', 'incidentsByKeys'];

/** Everything of theirs that stands in an answer to us, but for what was sent: an id, and to trials a text. */
function leaks(answer: string, sent: string, name = ''): string[] {
  const isTrial = trials.some((trial) => name.startsWith(`${trial}(`));
  const echoed = new Set([sent, ...(isTrial ? [marker, marker.toLowerCase()] : [])]);
  // Addresses are kept in lower case.
  return [marker, marker.toLowerCase(), 'user-theirs', ...foreignWords, ...foreignIds.filter(isOfOne)].filter(
    (word) => !echoed.has(word) && answer.includes(word),
  );
}

test('the other organization is full of everything', () => {
  const types = new Set(foreignIds.map((id) => Buffer.from(id, 'base64').toString('utf8').split(':', 1)[0]));
  for (const type of [
    'Incident',
    'User',
    'Team',
    'Service',
    'Project',
    'Signal',
    'IncidentAction',
    'Escalation',
  ]) {
    expect(types).toContain(type);
  }
  for (const type of ['SloViolation', 'FollowUp', 'ApiKey', 'Invitation', 'IncidentCreated']) {
    expect(types).toContain(type);
  }
  expect(types).toContain('AdministrationEvent');
});

test('what the platform has approved is there to be seen, and seen it is', async () => {
  const { data } = await api.run(ours, '{ platformTimeline { nodes { message title } } }');
  expect(data).toEqual({
    platformTimeline: { nodes: [{ message: 'In other words', title: 'Known to all' }] },
  });
});

test('the net catches: what they see of their own is theirs', async () => {
  let caught = 0;
  const enough = 50;
  for (const operation of operationsOf(api.schema, 'query', { text, ownId, depth: 2 })) {
    for (const id of operation.name.endsWith('()') ? [''] : foreignIds) {
      if (caught === enough) return;
      if (leaks(await answerOf(theirs, operation, id), id).length > 0) caught += 1;
    }
  }
  expect(caught).toBe(enough);
}, 60_000);

describe.each(['query', 'mutation'] as const)('every %s', (kind) => {
  test('shows nothing of theirs, and what is theirs reads as what is not there', async () => {
    let calls = 0;
    for (const operation of operationsOf(api.schema, kind, { text, ownId, depth: 2 })) {
      // Creating and setting takes no id; sending it would only change what is ours.
      if (kind === 'mutation' && operation.name.endsWith('()')) continue;
      for (const id of operation.name.endsWith('()') ? [''] : foreignIds) {
        const answer = await answerOf(ours, operation, id);
        calls += 1;
        expect(leaks(answer, id, operation.name), `${operation.name} of ${id}`).toEqual([]);
        expect(answer, `${operation.name} of ${id}`).not.toContain('"INTERNAL"');
        if (id !== '' && isOfOne(id)) {
          const absent = absentLike(id);
          const expected = (await answerOf(ours, operation, absent)).replaceAll(absent, id);
          calls += 1;
          expect(answer, `${operation.name} of ${id}`).toBe(expected);
        }
      }
    }
    expect(calls).toBeGreaterThan(100);
  }, 300_000);
});

test('a position in a list of theirs shows nothing of theirs in any list of ours', async () => {
  const pages = pagesOf(api.schema, { text, ownId, depth: 1 });
  expect(pages.length).toBeGreaterThan(20);
  expect(foreignCursors.size).toBeGreaterThan(20);
  const taken = new Set<string>();
  for (const page of pages) {
    for (const cursor of foreignCursors) {
      const answer = await answerOf(ours, page, cursor);
      expect(leaks(answer, cursor), `${page.name} of ${cursor}`).toEqual([]);
      expect(answer, `${page.name} of ${cursor}`).not.toContain('"INTERNAL"');
      if (answer.endsWith('"errors":[]}')) taken.add(page.name);
    }
  }
  // Most are read as a place in ours, those of the same kind of list at least: else this would show nothing.
  expect(taken.size).toBeGreaterThan(10);
}, 300_000);

test(
  `${calls} calls of anything, about anything, show nothing of theirs`,
  async () => {
    const random = seeded(calls);
    const operations = (['query', 'mutation'] as const).flatMap((kind) =>
      [1, 2].flatMap((depth) =>
        operationsOf(api.schema, kind, { text, ownId, depth }).filter(
          // As above: what takes no id only changes what is ours.
          ({ name }) => kind === 'query' || !name.endsWith('()'),
        ),
      ),
    );
    for (let call = 0; call < calls; call += 1) {
      const operation = random.pick(operations);
      const id = random.pick(foreignIds);
      const answer = await answerOf(ours, operation, id);
      expect(leaks(answer, id, operation.name), `${operation.name} of ${id}`).toEqual([]);
      expect(answer, `${operation.name} of ${id}`).not.toContain('"INTERNAL"');
    }
  },
  60_000 + calls * 50,
);

test('every subscription hears nothing of theirs', async () => {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const heard: string[] = [];
  const listening: Promise<void>[] = [];
  for (const operation of operationsOf(api.schema, 'subscription', { text, ownId, depth: 2 })) {
    for (const id of [...foreignIds.filter(isOfOne), '']) {
      const variables = id === '' ? {} : operation.variables(id);
      const begun = await api.subscribe(ours, operation.document, variables, stop.signal).catch(() => null);
      if (begun === null) continue;
      if (!(Symbol.asyncIterator in begun)) {
        expect(leaks(JSON.stringify(begun), id), operation.name).toEqual([]);
        continue;
      }
      listening.push(
        (async () => {
          for await (const event of begun) heard.push(JSON.stringify(event));
        })(),
      );
    }
  }
  await fillOrganization(api, theirs, 'user-theirs', marker);
  await mutate(api, ours, 'declareIncident', { title: 'ours, last', severity: 'SEV4' });
  await expect.poll(() => heard.some((event) => event.includes('INCIDENT_CREATED'))).toBe(true);
  stop.abort();
  await Promise.all(listening);
  expect(heard.filter((event) => leaks(event, '').length > 0)).toEqual([]);
}, 60_000);
