import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutate, post } from '../support/graphqlClient.ts';
import { type ServerProcess, startServerProcess, storyKey } from '../support/serverProcess.ts';
import { openStoryDatabase, type StoryDatabase } from '../support/storyDatabase.ts';

// Opsgenie's own client for Node, with nothing changed but host and key. It stands on packages that are deprecated, whose
// warnings nobody who installs Warroom should see: so it is no dependency, but installed here, for this test.

type Answer = Record<string, unknown> & {
  readonly data: Record<string, unknown>;
  readonly requestId: string;
};
type Answered = (error: object | null, answer: Answer | null) => void;
type Identifier = { readonly identifier: unknown; readonly identifierType?: string };

interface Sdk {
  configure(options: { readonly host: string; readonly api_key: string }): void;
  readonly alertV2: Readonly<Record<string, (...words: readonly unknown[]) => void>>;
}

const directory = mkdtempSync(join(tmpdir(), 'warroom-opsgenie-'));
let database: StoryDatabase;
let server: ServerProcess;
let sdk: Sdk;
let key: string;

beforeAll(async () => {
  const packages = ['opsgenie-sdk@0.5.1', 'request@2.88.2'];
  const words = ['install', '--prefix', directory, '--no-save', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', [...words, ...packages], { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  sdk = createRequire(join(directory, 'test.cjs'))('opsgenie-sdk');
  database = await openStoryDatabase();
  server = await startServerProcess(database.environment);
  const input = { name: 'opsgenie', role: 'MEMBER', scopes: ['INGEST'] };
  key = (await mutate<{ secret: string }>(server.url, storyKey, 'createApiKey', input, 'secret')).secret;
  sdk.configure({ host: server.url, api_key: key });
}, 120_000);

afterAll(async () => {
  await server?.stop();
  await database?.drop();
  rmSync(directory, { recursive: true, force: true });
});

/** What the client makes of an answer; it rejects with what it calls an error. */
function call(action: string, ...words: readonly unknown[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const answered: Answered = (error, answer) => (answer === null ? reject(error) : resolve(answer));
    const method = sdk.alertV2[action];
    if (method === undefined) throw new Error(`The client knows no ${action}.`);
    method(...words, null, answered);
  });
}

/** A request that is accepted, and what became of it. */
async function done(action: string, ...words: readonly unknown[]): Promise<Record<string, unknown>> {
  const answer = await call(action, ...words);
  expect(answer).toMatchObject({ result: 'Request will be processed', requestId: expect.any(String) });
  return (await call('getRequestStatus', answer.requestId)).data;
}

/** What the alert's incident has come to. */
async function incidentOf(alertId: unknown) {
  const { data, errors } = await post<{ incident: Record<string, unknown> }>(
    server.url,
    storyKey,
    `query ($id: ID!) { incident(id: $id) { status severity tags snoozedUntil
       escalations(first: 5) { edges { node { target { kind } } } } } }`,
    { id: Buffer.from(`Incident:${alertId}`).toString('base64') },
  );
  expect(errors).toEqual([]);
  return data?.incident;
}

const alias: Identifier = { identifier: 'db-1', identifierType: 'alias' };

describe('an alert', () => {
  let id: unknown;

  test('is created, told again, and found by each of its names', async () => {
    const alert = {
      message: 'Disk full on db-1',
      alias: 'db-1',
      description: 'The disk of db-1 is at 99 %.',
      priority: 'P4',
      tags: ['disk'],
      details: { service: 'postgres' },
    };
    const created = await done('create', alert);
    expect(created).toMatchObject({
      success: true,
      action: 'Create',
      status: 'Created alert',
      alias: 'db-1',
    });
    id = created.alertId;
    expect(await done('create', alert)).toMatchObject({ alertId: id });
    const names: readonly Identifier[] = [
      alias,
      { identifier: id },
      { identifier: 1, identifierType: 'tiny' },
    ];
    for (const name of names) {
      expect((await call('get', name)).data).toMatchObject({
        id,
        alias: 'db-1',
        tinyId: '1',
        count: 2,
        status: 'open',
        priority: 'P4',
        message: 'Disk full on db-1',
      });
    }
  });

  test('is worked on', async () => {
    const by = { user: 'ada@example.com', note: 'On it' };
    const endTime = new Date(Date.now() + 3_600_000).toISOString();
    const steps: readonly (readonly [action: string, data: object, name: string])[] = [
      ['acknowledge', by, 'Acknowledge'],
      ['unacknowledge', by, 'UnAcknowledge'],
      ['snooze', { ...by, endTime }, 'Snooze'],
      ['addNote', by, 'AddNote'],
      ['escalateToNext', { ...by, escalation: { name: 'Whoever' } }, 'EscalateToNext'],
      ['addTags', { tags: ['a', 'b'] }, 'AddTags'],
      ['addDetails', { details: { region: 'eu' } }, 'AddDetails'],
    ];
    for (const [action, data, name] of steps) {
      expect(await done(action, alias, data)).toMatchObject({ success: true, action: name, alertId: id });
    }
    expect(await done('removeTags', alias, { tags: 'a' })).toMatchObject({ action: 'RemoveTags' });
    expect(await incidentOf(id)).toMatchObject({
      status: 'REPORTED',
      severity: 'SEV4',
      tags: ['disk', 'b'],
      snoozedUntil: endTime,
      escalations: { edges: [{ node: { target: { kind: 'ON_CALL' } } }] },
    });
    const stranger = { owner: { username: 'nobody@example.com' } };
    expect(await done('assign', alias, stranger)).toMatchObject({
      success: false,
      status: 'Owner is not a member',
    });
  });

  test('is closed, and then of its alias there is another', async () => {
    expect(await done('close', alias, { note: 'Cleaned up' })).toMatchObject({ success: true, alertId: id });
    expect((await call('get', { identifier: id })).data).toMatchObject({ status: 'closed' });
    expect(await incidentOf(id)).toMatchObject({ status: 'RESOLVED' });
    const next = await done('create', { message: 'Disk full on db-1', alias: 'db-1', priority: 'P4' });
    expect(next.alertId).not.toBe(id);
    expect(await done('delete', alias)).toMatchObject({ success: true, action: 'Delete' });
    expect(await incidentOf(next.alertId)).toMatchObject({ status: 'RESOLVED' });
  });
});

test('what is wrong is an error of the client, in the words of Opsgenie', async () => {
  await expect(call('create', { priority: 'P9' })).rejects.toMatchObject({
    httpStatusCode: 422,
    message: 'Request body is not processable. Please check the errors.',
    errors: { message: 'Message can not be empty.', priority: expect.stringContaining('P1, P2, P3, P4, P5') },
  });
  await expect(call('get', { identifier: 'nobody', identifierType: 'alias' })).rejects.toMatchObject({
    httpStatusCode: 404,
    message: 'Alert with alias [nobody] does not exist.',
  });
  expect(await done('close', { identifier: 'nobody', identifierType: 'alias' }, {})).toMatchObject({
    success: false,
    status: 'Alert does not exist',
  });
  sdk.configure({ host: server.url, api_key: 'wrong' });
  await expect(call('create', { message: 'x' })).rejects.toMatchObject({
    httpStatusCode: 401,
    message: 'Could not authenticate',
  });
});
