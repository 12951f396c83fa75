import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dedupKeyOfErrors } from '../../src/domain/detection/errorReport.ts';
import { evolve } from '../../src/domain/incident/evolve.ts';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import { isOpen } from '../../src/domain/incident/vocabulary.ts';
import { decodeBody } from '../../src/domain/ledger/body.ts';
import { reported } from '../support/given.ts';
import { recordOf } from '../support/memoryOrganization.ts';
import { alertmanager, done, firing, kindOf, openDoor, organizationId } from './openDoor.ts';

type Opened = ReturnType<typeof openDoor>;

const one = (key: string, fingerprint = `${key} f`) => ({ firing: [firing(fingerprint)] });
const cleared = (fingerprint: string) => ({ cleared: [{ fingerprint, at: null }] });

function stateOf({ organization }: Opened, id: string): IncidentState {
  const record = recordOf(organization, id);
  if (record === null) throw new Error(`There is no incident ${id}.`);
  return record.state;
}

/** Delivers, and answers whose incident it is. */
async function delivered(
  opened: Opened,
  key: string,
  input: Parameters<Opened['deliver']>[1],
): Promise<string> {
  return done(await opened.deliver(key, input)).incident?.state.id ?? 'none';
}

function merge({ on }: Opened, loser: string, intoIncidentId: string, asking?: Parameters<Opened['on']>[3]) {
  return on(loser, 'mergeIncidents', { intoIncidentId, reason: 'One outage' }, asking);
}

/** What an answer says was written: on a replay the entries are read back, without what is made of their bodies. */
function hashes({ entries }: ReturnType<typeof done>): readonly string[] {
  return entries.map(({ hash }) => hash);
}

/** Incidents of two alerts, the first merged into the second. */
async function mergedAlerts(opened: Opened): Promise<readonly [loser: string, winner: string]> {
  const loser = await delivered(opened, 'a', one('a'));
  const winner = await delivered(opened, 'b', one('b'));
  done(await merge(opened, loser, winner));
  return [loser, winner];
}

/** Signals by their fingerprints: where they are, whether they fire, and how often they came. */
function signalsOf({ organization }: Opened) {
  return [...organization.signals.values()].map(
    ({ fingerprint, incident_id, firing: fires, count }) => [fingerprint, incident_id, fires, count] as const,
  );
}

describe('after a merge', () => {
  it('both are told in one commit, and the answer is about the one that was merged', async () => {
    const opened = openDoor();
    const loser = await opened.declare('Loser');
    const winner = await opened.declare('Winner');
    const { commits } = opened.memory;
    const answer = done(await merge(opened, loser, winner, { key: 'once' }));
    expect(opened.memory.commits).toBe(commits + 1);
    expect(answer.entries.map(({ type }) => type)).toEqual(['INCIDENT_MERGED']);
    expect(answer.incident?.state).toMatchObject({ id: loser, status: 'CANCELLED' });
    const news = opened.news.slice(-2).map(({ entry }) => [entry.incidentId, entry.type, entry.sequence]);
    expect(news).toEqual([
      [loser, 'INCIDENT_MERGED', 3],
      [winner, 'INCIDENT_ABSORBED', 4],
    ]);
    const again = done(await merge(opened, loser, winner, { key: 'once' }));
    expect([again.replayed, hashes(again)]).toEqual([true, hashes(answer)]);
    expect(opened.organization.ledgers.INCIDENTS).toHaveLength(4);
  });

  it('alerts of the one come to the other: repeats count where the signal is, what is new is attached', async () => {
    const opened = openDoor();
    const [loser, winner] = await mergedAlerts(opened);
    expect(await delivered(opened, 'a', one('a'))).toBe(winner);
    expect(await delivered(opened, 'a', one('a', 'new'))).toBe(winner);
    expect(signalsOf(opened)).toEqual([
      ['a f', loser, true, 2],
      ['b f', winner, true, 1],
      ['new', winner, true, 1],
    ]);
    done(await opened.deliver('a', { acknowledge: { note: 'Mine' } }));
    expect(stateOf(opened, winner).acknowledgement?.note).toBe('Mine');
    expect(stateOf(opened, loser)).toMatchObject({ acknowledgement: null, version: 3 });
  });

  it.each([
    ['fingerprints', () => cleared('a f'), () => cleared('b f')],
    ['a resolve of each key', () => ({ resolve: true }), () => ({ resolve: true })],
  ])('nothing is over before both alerts are, told by %s', async (_how, first, second) => {
    const opened = openDoor();
    const [loser, winner] = await mergedAlerts(opened);
    await opened.deliver('b', second());
    expect(stateOf(opened, winner)).toMatchObject({ status: 'REPORTED', openSignalCount: 1 });
    await opened.deliver('a', first());
    expect(stateOf(opened, winner)).toMatchObject({ status: 'RESOLVED', openSignalCount: 0 });
    expect(signalsOf(opened).map(([, , fires]) => fires)).toEqual([false, false]);
    expect(stateOf(opened, loser).version).toBe(3);
    // Fired again, it is a new incident's.
    expect([loser, winner]).not.toContain(await delivered(opened, 'a', one('a')));
  });

  it('the same fingerprint of two keys is two signals', async () => {
    const opened = openDoor();
    const loser = await delivered(opened, 'a', one('a', 'same'));
    const winner = await delivered(opened, 'b', one('b', 'same'));
    done(await merge(opened, loser, winner));
    await opened.deliver('a', cleared('same'));
    expect(signalsOf(opened)).toEqual([
      ['same', loser, false, 1],
      ['same', winner, true, 1],
    ]);
    expect(stateOf(opened, winner).status).toBe('REPORTED');
  });

  it('errors of its fingerprint join the other, and links lead on when that is merged, too', async () => {
    const opened = openDoor();
    const tell = async (errorId: string) =>
      done(
        await opened.door({
          organizationId,
          actor: alertmanager,
          target: { by: 'dedupKey', key: dedupKeyOfErrors('timeout') },
          command: { name: 'reportErrors', input: { fingerprint: 'timeout', errors: [reported(errorId)] } },
        }),
      ).incident?.state.id;
    const first = (await tell('e1')) ?? '';
    const [second, third] = [await opened.declare('Second'), await opened.declare('Third')];
    done(await merge(opened, first, second));
    done(await merge(opened, second, third));
    expect(await tell('e2')).toBe(third);
    expect(stateOf(opened, third)).toMatchObject({ mergedIncidentIds: [second, first], severity: 'SEV1' });
    expect(opened.organization.errors.get('shop e2 SEV1')).toMatchObject({
      incident_id: third,
      outcome: 'JOINED',
    });
    expect(opened.organization.errors.get('shop e1 SEV1')).toMatchObject({ incident_id: first });
  });

  it('an alert of what was merged is split off neither there nor from the winner, and both say why', async () => {
    const opened = openDoor();
    const loser = await delivered(opened, 'a', one('a'));
    const winner = await opened.declare('Winner');
    const [signalId = ''] = [...opened.organization.signals.keys()];
    done(await merge(opened, loser, winner));
    const refusalOf = async (incidentId: string) => {
      const answer = await opened.on(incidentId, 'splitSignal', { signalId, reason: 'Another matter' });
      return answer.kind === 'refused' ? answer.refusal : null;
    };
    expect(await refusalOf(loser)).toMatchObject({
      kind: 'InvalidTransitionError',
      message: expect.stringMatching(/merged into INC-002/),
    });
    expect(await refusalOf(winner)).toMatchObject({
      kind: 'ValidationError',
      fields: [{ path: ['signalId'] }],
    });
  });

  it('an alert that was split off is its own, and comes back when that is merged', async () => {
    const opened = openDoor();
    const [, winner] = await mergedAlerts(opened);
    await opened.deliver('a', one('a', 'later'));
    const signalId = [...opened.organization.signals].at(-1)?.[0] ?? '';
    // Another signal of its key fires on what was merged, so the key stays.
    done(await opened.on(winner, 'splitSignal', { signalId, reason: 'Another matter' }));
    expect(opened.organization.keys.get('a')?.incidentId).toBe(winner);
    const own =
      [...opened.organization.signals].find(([, { fingerprint }]) => fingerprint === 'b f')?.[0] ?? '';
    await opened.deliver('c', one('c'));
    const answer = done(
      await opened.on(winner, 'splitSignal', { signalId: own, reason: 'Another' }, { key: 's' }),
    );
    const event = decodeBody(answer.entries.at(-1)?.body ?? '');
    if (event.type !== 'INCIDENT_SIGNAL_SPLIT') throw new Error('It is not split.');
    const { newIncidentId } = event.payload;
    expect(await delivered(opened, 'b', one('b'))).toBe(newIncidentId);
    await opened.deliver('b', cleared('b f'));
    expect(stateOf(opened, newIncidentId)).toMatchObject({ status: 'RESOLVED', splitFromId: winner });
    expect(stateOf(opened, winner).openSignalCount).toBe(1);
    const again = done(
      await opened.on(winner, 'splitSignal', { signalId: own, reason: 'Another' }, { key: 's' }),
    );
    expect(hashes(again)).toEqual(hashes(answer));
    expect(kindOf(await opened.on(winner, 'splitSignal', { signalId: own, reason: 'Twice' }))).toBe(
      'NotFoundError',
    );
  });
});

it('a key that a newer incident holds stays that one, whoever takes over what claims it', async () => {
  const opened = openDoor();
  const { clock, on } = opened;
  const older = await delivered(opened, 'a', { firing: [firing('x'), firing('y')] });
  await opened.deliver('a', { cleared: ['x', 'y'].map((fingerprint) => ({ fingerprint, at: null })) });
  const newer = await delivered(opened, 'a', one('a'));
  done(await on(older, 'reopenIncident', { reason: 'Not over' }));
  clock.advance(1_000);
  const [signalId = ''] = [...opened.organization.signals.keys()];
  done(await on(older, 'splitSignal', { signalId, reason: 'Another matter' }));
  const third = await opened.declare('Third');
  done(await merge(opened, older, third));
  expect(await delivered(opened, 'a', one('a'))).toBe(newer);
  expect(opened.organization.keys.get('a')).toEqual({ key: 'a', incidentId: newer, held: true });
});

describe('many merges at once', () => {
  it.each([
    ['of one pair', (a: string, b: string) => [a, b]],
    ['crosswise', (a: string, b: string, at: number) => (at % 2 === 0 ? [a, b] : [b, a])],
  ])('%s: exactly one wins', async (_name, pair) => {
    const first = openDoor();
    const second = openDoor({ wrap: () => first.memory });
    const [a, b] = [await first.declare('A'), await first.declare('B')];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => {
        const [loser = '', winner = ''] = pair(a, b, at);
        return merge(at % 3 === 0 ? second : first, loser, winner);
      }),
    );
    expect(answers.map(kindOf).sort()).toEqual(['done', ...Array(19).fill('InvalidTransitionError')].sort());
    expect([stateOf(first, a), stateOf(first, b)].filter(({ status }) => isOpen(status))).toHaveLength(1);
  });

  it('both versions are compared: what was decided on an old winner is decided again', async () => {
    const opened = openDoor();
    const [loser, winner] = [await opened.declare('Loser'), await opened.declare('Winner')];
    const other = openDoor({ wrap: () => opened.memory });
    // Remembered by the first, changed by the second.
    done(await other.on(winner, 'addIncidentTag', { tag: 'meanwhile' }));
    done(await merge(opened, loser, winner));
    expect(stateOf(opened, winner)).toMatchObject({ version: 3, tags: ['meanwhile'] });
    expect(kindOf(await merge(opened, winner, loser, { expectedVersion: 9 }))).toBe('ConflictError');
  });
});

const keys = ['a', 'b', 'c', 'd'] as const;
const step = fc.record({
  kind: fc.constantFrom('fire', 'clear', 'merge', 'split', 'fire', 'cancel', 'reopen'),
  key: fc.constantFrom(...keys),
  fingerprint: fc.constantFrom('x', 'y'),
  of: fc.nat({ max: 7 }),
  into: fc.nat({ max: 7 }),
  together: fc.boolean(),
});

it('whatever is merged, split and delivered: each key leads to one open incident, and each folds as it is stored', async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
    const opened = openDoor();
    const { organization } = opened;
    let waiting: Promise<unknown>[] = [];
    for (const { kind, key, fingerprint, of, into, together } of steps) {
      const ids = [...organization.incidents.keys()];
      const [id = '', other = ''] = [ids[of % ids.length], ids[into % ids.length]];
      const signals = [...organization.signals.entries()];
      const [signalId = '', signal] = signals[of % Math.max(1, signals.length)] ?? [];
      if (kind === 'fire') waiting.push(opened.deliver(key, one(key, fingerprint)));
      if (kind === 'clear') waiting.push(opened.deliver(key, cleared(fingerprint)));
      if (kind === 'cancel') waiting.push(opened.on(id, 'cancelIncident', { reason: 'None' }));
      if (kind === 'reopen') waiting.push(opened.on(id, 'reopenIncident', { reason: 'It is back' }));
      if (kind === 'merge') waiting.push(merge(opened, id, other));
      if (kind === 'split') {
        const from = (signal?.incident_id as string) ?? id;
        waiting.push(opened.on(from, 'splitSignal', { signalId, reason: 'Another' }));
      }
      if (together) continue;
      await Promise.all(waiting);
      waiting = [];
    }
    await Promise.all(waiting);
    const states = new Map<string, IncidentState>();
    for (const { body } of organization.ledgers.INCIDENTS) {
      const event = decodeBody(body);
      states.set(event.incident, evolve(states.get(event.incident) ?? null, event));
    }
    for (const [id, state] of states) expect(stateOf(opened, id)).toEqual(state);
    const open = [...states.values()].filter(({ status }) => isOpen(status));
    const isReopened = [...states.values()].some(({ reopenedAt }) => reopenedAt !== null);
    for (const key of keys) {
      const claiming = open.filter(({ dedupKeys }) => dedupKeys.includes(key)).map(({ id }) => id);
      const holder = organization.keys.get(key);
      if (holder?.held) expect(claiming).toContain(holder.incidentId);
      // What is reopened claims a key without having it, when a newer one has it.
      if (isReopened) continue;
      expect(claiming).toEqual(holder?.held ? [holder.incidentId] : []);
    }
    for (const { id, openSignalCount, mergedIncidentIds } of open) {
      const parts = [id, ...mergedIncidentIds];
      const firingNow = [...organization.signals.values()].filter(
        ({ incident_id, firing: fires }) => fires === true && parts.includes(incident_id as string),
      );
      expect(openSignalCount).toBe(firingNow.length);
    }
  });
  await fc.assert(property, { numRuns: 150 });
});
