import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '../../src/domain/access/actor.ts';
import type { AdministrationFact } from '../../src/domain/administration/decision.ts';
import { stampAdministration } from '../../src/domain/administration/stampAdministration.ts';
import type { IncidentFact } from '../../src/domain/incident/events.ts';
import type { Instant } from '../../src/domain/instant.ts';
import { plusMinutes } from '../../src/domain/instant.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import { changeEventOf } from '../../src/store/changeEvent.ts';
import { entryHash } from '../../src/store/hash.ts';
import type { Change } from '../../src/store/port.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { openTestDatabase, type TestDatabase } from '../support/testDatabase.ts';
import {
  type Before,
  changeOf,
  commit,
  declared,
  founded,
  loading,
  noted,
  start,
  stored,
} from './founded.ts';

const blockedAt = plusMinutes(start, 120);
const acknowledged: IncidentFact = {
  type: 'INCIDENT_ACKNOWLEDGED',
  payload: { note: null, severity: 'SEV2' },
};

/** The change with this event of the administration ledger beside its own, from one gate to another. */
function beside(change: Change, gate: NonNullable<Change['gate']>, more: Partial<Change> = {}): Change {
  const incidentId = change.incidentId ?? '';
  const fact: AdministrationFact =
    gate.after !== null
      ? {
          type: 'SESSION_GATE_BLOCKED',
          payload: {
            incidentId,
            incidentVersion: 1,
            severity: 'SEV2',
            unacknowledgedSince: start,
            dueAt: blockedAt,
          },
        }
      : {
          type: 'SESSION_GATE_RELEASED',
          payload: { incidentId, incidentVersion: 2, blockedAt, reason: 'ACKNOWLEDGED' },
        };
  const event = stampAdministration(fact, {
    commandId: change.commandId,
    actor: systemActor,
    at: blockedAt,
    policy: defaultPolicy,
  });
  return { ...change, events: [...change.events, changeEventOf(event)], gate, ...more };
}

describe('a change of an incident with events of the administration ledger', () => {
  let database: TestDatabase;
  let organization: string;
  let organizations = 0;
  let id: string;
  let after: Before;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database?.drop());
  beforeEach(async () => {
    organizations += 1;
    organization = await founded(database, `gate-${organizations}`);
    ({ id, after } = await declared(database, organization));
  });

  /** Nothing happens to the incident itself; it begins to block. */
  const blocking = (): Change =>
    beside(
      { ...changeOf(id, after, []).change, baseVersion: after.state.version },
      { before: null, after: blockedAt },
    );
  const kinds = async (...changes: readonly Change[]) =>
    (await commit(database, organization, changes)).map(({ kind }) => kind);
  const entries = (ledger: 'INCIDENTS' | 'ADMINISTRATION') =>
    createPostgresStore(database).entries(organization, ledger, 1, 100);
  const gates = async (): Promise<readonly { incidentId: string; blockedAt: Instant }[]> =>
    (await createPostgresStore(database).load(loading(organization, { incidentIds: [id] }))).gates;

  it('is numbered and chained in each of them, and answers with both', async () => {
    const { change } = changeOf(id, after, [noted('Still nobody')]);
    const [outcome] = await commit(database, organization, [
      beside(change, { before: null, after: blockedAt }),
    ]);
    const [incidents, administration] = [await entries('INCIDENTS'), await entries('ADMINISTRATION')];
    expect(incidents.map(({ type, number }) => [type, number])).toEqual([
      ['INCIDENT_CREATED', 1],
      ['INCIDENT_NOTE_ADDED', 1],
    ]);
    const noticed = administration.at(-1);
    expect(noticed).toMatchObject({
      type: 'SESSION_GATE_BLOCKED',
      number: 0,
      incidentId: null,
      version: null,
    });
    for (const entry of [...incidents, ...administration]) expect(entry.hash).toBe(entryHash(entry));
    expect(outcome).toMatchObject({
      kind: 'committed',
      number: 1,
      entries: [{ sequence: 2 }, { sequence: administration.length, hash: noticed?.hash }],
    });
    expect(await gates()).toEqual([{ incidentId: id, blockedAt }]);
  });

  it('moves nothing of the incident itself when it has none of its events', async () => {
    const before = await stored(database, organization, id);
    expect(await kinds(blocking())).toEqual(['committed']);
    expect(await stored(database, organization, id)).toEqual(before);
    expect(await gates()).toEqual([{ incidentId: id, blockedAt }]);
    expect(await entries('INCIDENTS')).toHaveLength(1);
  });

  it('begins once, whoever else decided the same', async () => {
    expect(await kinds(blocking())).toEqual(['committed']);
    expect(await kinds(blocking())).toEqual(['conflict']);
    const both = await Promise.all([kinds(blocking()), kinds(blocking())]);
    expect(both).toEqual([['conflict'], ['conflict']]);
    const blocks = (await entries('ADMINISTRATION')).filter(({ type }) => type === 'SESSION_GATE_BLOCKED');
    expect(blocks).toHaveLength(1);
  });

  it('refuses what was decided before it, whatever that was', async () => {
    expect(await kinds(blocking())).toEqual(['committed']);
    const late = changeOf(id, after, [acknowledged]).change;
    expect(await kinds(late)).toEqual(['conflict']);
    expect(await gates()).toEqual([{ incidentId: id, blockedAt }]);
    const knowing = beside(late, { before: blockedAt, after: null });
    expect(await kinds(knowing)).toEqual(['committed']);
    expect(await gates()).toEqual([]);
  });

  it('begins and ends within one batch, the state with the last', async () => {
    const alone = { ...blocking(), incident: null, deadlines: null };
    const release = beside(changeOf(id, after, [acknowledged]).change, { before: blockedAt, after: null });
    expect(await kinds(alone, release)).toEqual(['committed', 'committed']);
    expect(await gates()).toEqual([]);
    const types = (await entries('ADMINISTRATION')).map(({ type }) => type);
    expect(types.slice(-2)).toEqual(['SESSION_GATE_BLOCKED', 'SESSION_GATE_RELEASED']);
  });

  it('is not committed without the change that brings the state, though none of the events are its own', async () => {
    const alone = { ...blocking(), incident: null, deadlines: null };
    const stale = { ...changeOf(id, after, [noted('x')]).change, baseVersion: 7 };
    expect(await kinds(alone, { ...stale, gate: { before: blockedAt, after: blockedAt } })).toEqual([
      'conflict',
      'conflict',
    ]);
    expect(await gates()).toEqual([]);
    const types = (await entries('ADMINISTRATION')).map(({ type }) => type);
    expect(types).not.toContain('SESSION_GATE_BLOCKED');
  });

  it('answers an idempotency key with the events of the incident alone', async () => {
    const request = (key: string) => ({ principal: 'ada', key, digest: 'ab'.repeat(32) });
    const gate = { before: null, after: blockedAt };
    const change = beside(changeOf(id, after, [noted('x')]).change, gate, { request: request('both') });
    expect(await kinds(change)).toEqual(['committed']);
    const other = await declared(database, organization);
    const none = beside(changeOf(other.id, other.after, []).change, gate, { request: request('none') });
    expect(await kinds({ ...none, baseVersion: 1 })).toEqual(['committed']);
    const requests = [request('both'), request('none')];
    const { requests: answers } = await createPostgresStore(database).load(
      loading(organization, { requests }),
    );
    const wanted = answers.map(({ key, ledger, firstSequence, lastSequence }) => ({
      key,
      ledger,
      firstSequence,
      lastSequence,
    }));
    expect(wanted.sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
      { key: 'both', ledger: 'INCIDENTS', firstSequence: 2, lastSequence: 2 },
      { key: 'none', ledger: 'INCIDENTS', firstSequence: null, lastSequence: null },
    ]);
  });
});
