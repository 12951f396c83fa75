import { beforeEach, expect, it } from 'vitest';
import type { AlertBook, AlertRequestNote } from '../../src/app/alertBook.ts';
import { type Answer, OverloadedError, type Request } from '../../src/app/answer.ts';
import { TooManyGuessesError } from '../../src/app/tooManyGuesses.ts';
import { unconfigured } from '../../src/domain/detection/ingestConfiguration.ts';
import type { IncidentRecord } from '../../src/domain/incident/state.ts';
import { alertKeyOf } from '../../src/inbound/opsgenie.ts';
import { createInbound } from '../../src/inbound/route.ts';
import { quiet } from './quiet.ts';
import { ingest, Switchboard } from './switchboard.ts';

// What can go wrong around an alert, without a database.

let switchboard = new Switchboard();
let noted: AlertRequestNote[] = [];
let trouble: Error | null = null;
let logged = 0;
/** What is asked of an incident that is there, and how often it can be carried out before nothing more can. */
let commands: Request['command'][] = [];
let asked: string[] = [];
let able = Number.POSITIVE_INFINITY;

beforeEach(() => {
  switchboard = new Switchboard();
  noted = [];
  trouble = null;
  logged = 0;
  asked = [];
  commands = [];
  able = Number.POSITIVE_INFINITY;
});

const incidentId = '01900000-0000-7000-8000-0000000000aa';
const dedupKeys = [alertKeyOf(ingest.credentialId, 'a')];
const record = { state: { id: incidentId, dedupKeys, escalationLevel: 0 } } as unknown as IncidentRecord;

const severityMap = [{ text: 'p5', severity: 'SEV1' }] as const;

const alerts = {
  note: async (_principal: unknown, note: AlertRequestNote) => {
    if (trouble !== null) throw trouble;
    noted.push(note);
  },
  find: async () => record,
  member: async () => 'a member',
  now: () => '2026-01-01T00:00:00.000Z',
  wasAnswered: async () => false,
} as unknown as AlertBook;

const inbound = createInbound({
  ...quiet,
  handle: async (request) => {
    if (request.target.by === 'dedupKey') {
      const answer = await switchboard.handle(request);
      return answer.kind === 'done' ? { ...answer, incident: record } : answer;
    }
    asked.push(request.command.name);
    commands.push(request.command);
    if (asked.length > able) throw new OverloadedError(1);
    return { kind: 'done', entries: [], incident: record } as unknown as Answer;
  },
  authenticateKey: async (secret) => {
    if (secret === 'guessed') throw new TooManyGuessesError(7);
    if (secret === 'mapped') return { ...ingest, ingest: { ...unconfigured, severityMap } };
    return secret === 'slow' ? { ...ingest, credentialId: 'slow' } : ingest;
  },
  scopeOf: () => {
    throw new Error('Opsgenie reads by its book.');
  },
  alerts,
  log: {
    error: () => {
      logged += 1;
    },
  },
  limits: {
    bodyBytes: 120,
    throttle: (principal) => (principal.credentialId === 'slow' ? 1.5 : null),
  },
});

async function create(body: string, key = 'good', path = '', method = 'POST') {
  const reply = await inbound({
    method,
    path: `/v2/alerts${path}`,
    headers: { authorization: `GenieKey ${key}`, 'content-length': String(body.length) },
    body: (async function* () {
      yield Buffer.from(body);
    })(),
    remoteAddress: null,
  });
  return { status: reply?.status, headers: reply?.headers, body: JSON.parse(reply?.body ?? 'null') };
}

const alert = '{"message":"Down","alias":"a"}';

it('notes what became of a request before it is answered', async () => {
  const { status, body } = await create(alert);
  expect([status, body.result]).toEqual([202, 'Request will be processed']);
  expect(noted).toMatchObject([{ requestId: body.requestId, action: 'Create', succeeded: true }]);
});

it('answers 202 to what is done, also where it cannot be noted', async () => {
  trouble = new Error('No database.');
  expect((await create(alert)).status).toBe(202);
  expect(switchboard.stories).toHaveLength(1);
  expect(logged).toBe(1);
});

it('says when to come back to who is too fast, and to whom it is too busy for', async () => {
  expect(await create(alert, 'slow')).toMatchObject({
    status: 429,
    headers: { 'retry-after': '2', 'x-ratelimit-state': 'THROTTLED' },
    body: { message: 'You are making too many requests!' },
  });
  expect((await create(alert, 'guessed')).headers).toMatchObject({ 'retry-after': '7' });
  switchboard.failure = new OverloadedError(3);
  expect(await create(alert)).toMatchObject({ status: 503, headers: { 'retry-after': '3' } });
  expect(noted).toEqual([]);
});

it('creates no second alert because the note of the first could not be added', async () => {
  able = 0;
  expect((await create('{"message":"Down","note":"Again"}')).status).toBe(202);
  expect(noted).toMatchObject([{ action: 'Create', succeeded: true, incidentId }]);
  expect([asked, logged]).toEqual([['addIncidentNote'], 1]);
});

it.each([
  ['close', {}, ['receiveSignals', 'addIncidentNote']],
  ['assign', { owner: { id: 'm' } }, ['assignIncident', 'addIncidentNote']],
  ['tags', { tags: ['t'] }, ['addIncidentTag', 'addIncidentNote']],
  ['details', { details: { a: 'b' } }, ['addIncidentNote', 'addIncidentNote']],
])('%s with a note is done once what is asked for is; before that it is not', async (action, more, all) => {
  const act = () =>
    create(JSON.stringify({ note: 'n', ...more }), 'good', `/a/${action}?identifierType=alias`);
  able = 1;
  expect((await act()).status).toBe(202);
  expect(noted).toMatchObject([{ succeeded: true, incidentId }]);
  expect([asked, logged]).toEqual([all, 1]);
  [able, asked] = [0, []];
  expect((await act()).status).toBe(503);
  expect([asked, noted.length]).toEqual([all.slice(0, 1), 1]);
});

it('escalates to whoever is next by a name that every object has', async () => {
  const escalation = '{"escalation":{"name":"constructor"}}';
  expect((await create(escalation, 'good', '/a/escalate?identifierType=alias')).status).toBe(202);
  expect(commands).toMatchObject([{ name: 'escalateIncident', input: { target: 'ON_CALL' } }]);
});

it.each([
  ['good', 'SEV4'],
  ['mapped', 'SEV1'],
])('reads a new priority as the key %s says: %s', async (key, severity) => {
  const path = '/a/priority?identifierType=alias';
  expect((await create('{"priority":"P5"}', key, path, 'PUT')).status).toBe(202);
  expect(commands).toMatchObject([{ name: 'changeIncidentSeverity', input: { severity } }]);
});

it('takes what is no text as JSON', async () => {
  const odd = '{"message":"Down","alias":"a","description":{"toString":1},"details":{"x":{"toString":1}}}';
  expect((await create(odd)).status).toBe(202);
  expect(switchboard.last.incident.description).toBe('{"toString":1}\n\nDetails: x={"toString":1}');
  const details = '{"details":{"x":{"toString":1}}}';
  expect((await create(details, 'good', '/a/details?identifierType=alias')).status).toBe(202);
  expect(commands).toMatchObject([{ input: { message: 'Details: x={"toString":1}' } }]);
});

it('logs what is unexpected, and tells nobody', async () => {
  switchboard.failure = new Error('the secret of the house');
  const { status, body } = await create(alert);
  expect(status).toBe(500);
  expect(JSON.stringify(body)).not.toContain('secret');
  expect(logged).toBe(1);
});

it('takes no body that is too large', async () => {
  expect((await create(JSON.stringify({ message: 'x'.repeat(120) }))).status).toBe(413);
});
