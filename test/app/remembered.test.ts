import { describe, expect, it } from 'vitest';
import type { WriteStore } from '../../src/store/port.ts';
import type { MemoryStore } from '../support/memoryStore.ts';
import { done, grace, kindOf, openDoor, organizationId, overlaid } from './openDoor.ts';

/** A door that counts its loads and commits, and one of another process on the same database. */
function doors() {
  const asked = { loads: 0, commits: 0 };
  const counted = (memory: MemoryStore): WriteStore =>
    overlaid(memory, {
      load: (request) => {
        asked.loads += 1;
        return memory.load(request);
      },
      commit: (batch) => {
        asked.commits += 1;
        return memory.commit(batch);
      },
    });
  const here = openDoor({ wrap: counted });
  const elsewhere = openDoor();
  elsewhere.memory.organizations.set(organizationId, here.organization);
  /** What was asked of the database while `work` ran. */
  const during = async (work: () => Promise<unknown>) => {
    Object.assign(asked, { loads: 0, commits: 0 });
    await work();
    return { ...asked };
  };
  return { here, elsewhere, during };
}

const note = (message: string) => ({ message });

describe('an incident that was written here last', () => {
  it('needs no load to be written again', async () => {
    const { here, during } = doors();
    const id = await here.declare();
    const asked = await during(async () => {
      const answers = [done(await here.on(id, 'addIncidentNote', note('a')))];
      answers.push(done(await here.on(id, 'acknowledgeIncident', {})));
      answers.push(
        ...(await Promise.all(['b', 'c'].map((text) => here.on(id, 'addIncidentTag', { tag: text })))).map(
          done,
        ),
      );
      expect(answers.map(({ sequence }) => sequence)).toEqual([2, 3, 4, 5]);
      expect(answers.at(-1)?.incident).toMatchObject({ number: 1, sequence: 5, state: { tags: ['b', 'c'] } });
    });
    expect(asked).toEqual({ loads: 0, commits: 3 });
  });

  it('needs none for a deadline either', async () => {
    const { here, during } = doors();
    const id = await here.declare();
    here.clock.advance(40 * 60_000);
    const asked = await during(async () => {
      done(await here.on(id, 'fireDeadlines', {}, { by: { kind: 'SYSTEM', id: null, role: null } }));
    });
    expect(asked).toEqual({ loads: 0, commits: 1 });
  });

  it('is loaded for whatever needs more than the incident', async () => {
    const { here, during } = doors();
    const id = await here.declare();
    const asked = await during(() => here.on(id, 'updateIncident', { service: 'Checkout' }));
    expect(asked).toEqual({ loads: 1, commits: 1 });
  });

  it('is loaded before anything is refused, or answered without being written', async () => {
    const { here, elsewhere, during } = doors();
    const id = await here.declare();
    await elsewhere.on(id, 'addIncidentTag', { tag: 'theirs' });
    expect(
      await during(async () => {
        expect(done(await here.on(id, 'addIncidentTag', { tag: 'theirs' })).entries).toHaveLength(0);
      }),
    ).toMatchObject({ loads: 1 });
    const now = done(await elsewhere.on(id, 'acknowledgeIncident', {}, { by: grace }));
    // Here it was never acknowledged.
    const refused = await here.on(id, 'acknowledgeIncident', {});
    expect(kindOf(refused)).toBe('InvalidTransitionError');
    const expectedVersion = now.incident?.state.version ?? 0;
    expect(kindOf(await here.on(id, 'addIncidentNote', note('a'), { expectedVersion }))).toBe('done');
    await elsewhere.on(id, 'cancelIncident', { reason: 'Known' });
    const stale = await here.on(
      id,
      'changeIncidentSeverity',
      { severity: 'SEV1', reason: 'r' },
      { expectedVersion },
    );
    expect(kindOf(stale)).toBe('ConflictError');
  });
});

describe('an incident that was written elsewhere since', () => {
  it('is loaded and decided again, once', async () => {
    const { here, elsewhere, during } = doors();
    const id = await here.declare();
    await elsewhere.on(id, 'addIncidentTag', { tag: 'theirs' });
    const asked = await during(async () => {
      const answer = done(await here.on(id, 'addIncidentTag', { tag: 'ours' }));
      expect(answer.incident?.state.tags).toEqual(['theirs', 'ours']);
    });
    expect(asked).toEqual({ loads: 1, commits: 2 });
    expect(await during(() => here.on(id, 'addIncidentNote', note('b')))).toEqual({ loads: 0, commits: 1 });
  });

  it('is decided under the policy that holds now', async () => {
    const { here, elsewhere, during } = doors();
    const id = await here.declare();
    await elsewhere.administer({ name: 'setWorkflowPolicy', input: { acknowledgeNoteRequired: true } });
    const asked = await during(async () => {
      expect(kindOf(await here.on(id, 'acknowledgeIncident', {}))).toBe('ValidationError');
    });
    expect(asked).toEqual({ loads: 1, commits: 1 });
    await here.administer({ name: 'setWorkflowPolicy', input: { acknowledgeNoteRequired: false } });
    expect(kindOf(await here.on(id, 'acknowledgeIncident', {}))).toBe('done');
  });

  it('answers an idempotency key as it was answered there', async () => {
    const { here, elsewhere } = doors();
    const id = await here.declare();
    const first = done(await elsewhere.on(id, 'addIncidentNote', note('once'), { key: 'k' }));
    const second = done(await here.on(id, 'addIncidentNote', note('once'), { key: 'k' }));
    expect([second.sequence, second.replayed]).toEqual([first.sequence, true]);
    // Decided alone it would be refused: it is in progress elsewhere already.
    const status = { status: 'INVESTIGATING' } as const;
    await elsewhere.on(id, 'changeIncidentStatus', status, { key: 's' });
    expect(done(await here.on(id, 'changeIncidentStatus', status, { key: 's' })).replayed).toBe(true);
    expect(here.organization.ledgers.INCIDENTS).toHaveLength(4);
  });
});

it('forgets what a commit of unknown outcome was decided on', async () => {
  let cut = false;
  let loads = 0;
  const room = openDoor({
    wrap: (memory) =>
      overlaid(memory, {
        load: (request) => {
          loads += 1;
          return memory.load(request);
        },
        commit: async (batch) => {
          const outcomes = memory.commitNow(batch);
          if (!cut) return outcomes;
          cut = false;
          throw new Error('Connection terminated unexpectedly');
        },
      }),
    pause: async () => {},
  });
  const id = await room.declare();
  [cut, loads] = [true, 0];
  expect(done(await room.on(id, 'addIncidentNote', note('once'))).sequence).toBe(2);
  expect(loads).toBe(1);
  expect(room.organization.ledgers.INCIDENTS).toHaveLength(2);
});

it('remembers so much and no more', async () => {
  const { here, during } = doors();
  const description = 'x'.repeat(20_000);
  const ids: string[] = [];
  for (let n = 0; n < 220; n += 1) {
    const answer = await here.door(
      here.requestOf(null, 'declareIncident', { title: `${n}`, severity: 'SEV4', description }),
    );
    ids.push(done(answer).incident?.state.id ?? '');
  }
  const [oldest = '', latest = ''] = [ids[0], ids.at(-1)];
  expect(await during(() => here.on(oldest, 'addIncidentNote', note('a')))).toMatchObject({ loads: 1 });
  expect(await during(() => here.on(latest, 'addIncidentNote', note('a')))).toMatchObject({ loads: 0 });
});
