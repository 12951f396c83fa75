import { describe, expect, it } from 'vitest';
import { OverloadedError } from '../../src/app/answer.ts';
import type { CommitBatch, CommitOutcome } from '../../src/store/port.ts';
import type { MemoryStore } from '../support/memoryStore.ts';
import { done, firing, kindOf, openDoor, organizationId, overlaid } from './openDoor.ts';

type Commit = (batch: CommitBatch, memory: MemoryStore) => readonly CommitOutcome[];

/** A door whose commits go through `commit`; what the database says is what `commit` throws. */
function doorWith(commit: Commit, options: { readonly decideMilliseconds?: number } = {}) {
  return openDoor({
    wrap: (memory) => overlaid(memory, { commit: async (batch) => commit(batch, memory) }),
    pause: async () => {},
    limits: options,
  });
}

const lost = () => new Error('Connection terminated unexpectedly');
const sqlError = (code: string) => Object.assign(new Error(`SQLSTATE ${code}`), { code });
const note = (message: string) => ({ message });

describe('a commit whose connection dies', () => {
  it('is found when it was carried out, and not done twice', async () => {
    let cut = false;
    const room = doorWith((batch, memory) => {
      const outcomes = memory.commitNow(batch);
      if (cut) {
        cut = false;
        throw lost();
      }
      return outcomes;
    });
    const id = await room.declare();
    cut = true;
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((text) => room.on(id, 'addIncidentNote', note(text))),
    );
    expect(answers.map((answer) => done(answer).sequence)).toEqual([2, 3, 4]);
    expect(answers.map((answer) => done(answer).replayed)).toEqual([false, false, false]);
    expect(room.organization.ledgers.INCIDENTS).toHaveLength(4);
    expect(room.rings).toBeGreaterThan(1);
  });

  it('finds a declaration of its own', async () => {
    let cuts = 1;
    const room = doorWith((batch, memory) => {
      const outcomes = memory.commitNow(batch);
      if (cuts-- > 0) throw lost();
      return outcomes;
    });
    await room.declare();
    expect(room.organization.incidents.size).toBe(1);
  });

  it('is decided again when it was not carried out', async () => {
    let cuts = 3;
    const room = doorWith((batch, memory) => {
      if (cuts-- > 0) throw lost();
      return memory.commitNow(batch);
    });
    const id = await room.declare();
    expect(done(await room.on(id, 'addIncidentNote', note('once'))).sequence).toBe(2);
  });

  it('is not done twice when it is carried out only after it was tried again', async () => {
    let ghost: CommitBatch | null = null;
    let cut = false;
    const room = doorWith((batch, memory) => {
      if (cut) {
        [cut, ghost] = [false, batch];
        throw lost();
      }
      if (ghost !== null) {
        // The first try was still under way on the server, and gets there before this one.
        memory.commitNow(ghost);
        ghost = null;
      }
      return memory.commitNow(batch);
    });
    const id = await room.declare();
    cut = true;
    const answer = await room.on(id, 'addIncidentNote', note('once'), { expectedVersion: 1 });
    expect(done(answer).sequence).toBe(2);
    expect(room.organization.ledgers.INCIDENTS).toHaveLength(2);
  });

  it('of administration is found by its command, with and without an idempotency key', async () => {
    let cut = false;
    const room = doorWith((batch, memory) => {
      const outcomes = memory.commitNow(batch);
      if (cut) {
        cut = false;
        throw lost();
      }
      return outcomes;
    });
    const change = (overdueAfterMinutes: number, key?: string) =>
      room.administer(
        { name: 'setWorkflowPolicy', input: { overdueAfterMinutes } },
        { expectedVersion: room.organization.policyVersion, ...(key === undefined ? {} : { key }) },
      );
    cut = true;
    expect(done(await change(5)).sequence).toBe(1);
    cut = true;
    expect(done(await change(6, 'k')).sequence).toBe(2);
    expect(room.organization.policyVersion).toBe(3);
    expect(room.organization.ledgers.ADMINISTRATION).toHaveLength(2);
  });

  it('says so when nothing can be known in time: never that nothing was done', async () => {
    let now = 0;
    const room = openDoor({
      wrap: (memory) =>
        overlaid(memory, {
          commit: async () => {
            now += 3_000;
            throw lost();
          },
        }),
      pause: async () => {},
      monotonic: () => now,
    });
    await expect(room.declare()).rejects.toThrow('Connection terminated');
  });
});

describe('a database that does not answer a load', () => {
  it('is asked again, then OVERLOADED with nothing done', async () => {
    let now = 0;
    let fails = 2;
    const room = openDoor({
      wrap: (memory) =>
        overlaid(memory, {
          load: async (request) => {
            now += 1_000;
            if (fails-- > 0) throw lost();
            return memory.load(request);
          },
        }),
      pause: async () => {},
      monotonic: () => now,
    });
    const id = await room.declare();
    fails = 100;
    const named = room.on(id, 'updateIncident', { service: 'Checkout' });
    await expect(named).rejects.toBeInstanceOf(OverloadedError);
    expect(room.organization.ledgers.INCIDENTS).toHaveLength(1);
  });
});

describe('a batch the database refuses', () => {
  it('goes one by one, so that a poisoned command fails alone', async () => {
    const room = doorWith((batch, memory) => {
      if (batch.changes.some(({ events }) => events.some(({ body }) => body.includes('poison')))) {
        throw sqlError('22P05');
      }
      return memory.commitNow(batch);
    });
    const id = await room.declare();
    const texts = ['a', 'poison', 'b'];
    const results = await Promise.allSettled(texts.map((text) => room.on(id, 'addIncidentNote', note(text))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(room.organization.ledgers.INCIDENTS).toHaveLength(3);
  });

  it('is tried again whole after a deadlock or a lock that was not to be had', async () => {
    const codes = ['40P01', '55P03', '57014', '40001'];
    const room = doorWith((batch, memory) => {
      const code = codes.shift();
      if (code !== undefined) throw sqlError(code);
      return memory.commitNow(batch);
    });
    await room.declare();
    expect(room.organization.ledgers.INCIDENTS).toHaveLength(1);
  });
});

describe('a change that another instance overtakes', () => {
  /** Lets another instance's command in between load and commit of this door's next one. */
  function overtakenDoor(before: (memory: MemoryStore) => Promise<unknown>) {
    let armed = false;
    const room = openDoor({
      wrap: (memory) =>
        overlaid(memory, {
          commit: async (batch) => {
            if (armed) {
              armed = false;
              await before(memory);
            }
            return memory.commitNow(batch);
          },
        }),
    });
    return Object.assign(room, {
      arm() {
        armed = true;
      },
    });
  }

  it('is decided again and applied, when no version was expected', async () => {
    const other = openDoor();
    let id = '';
    const room = overtakenDoor(async (memory) => {
      other.memory.organizations.set(organizationId, memory.organization(organizationId));
      await other.on(id, 'addIncidentTag', { tag: 'theirs' });
    });
    id = await room.declare();
    room.arm();
    const [ours, theirs, closed] = await Promise.all([
      room.on(id, 'addIncidentTag', { tag: 'ours' }),
      room.on(id, 'addIncidentTag', { tag: 'theirs' }),
      room.on(id, 'closeIncident', {}),
    ]);
    expect([ours, theirs, closed].map(kindOf)).toEqual(['done', 'done', 'InvalidTransitionError']);
    expect(done(ours).incident?.state.tags).toEqual(['theirs', 'ours']);
    expect(done(theirs).entries).toEqual([]);
  });

  it('answers CONFLICT truthfully when a version was expected', async () => {
    const other = openDoor();
    let id = '';
    const room = overtakenDoor(async (memory) => {
      other.memory.organizations.set(organizationId, memory.organization(organizationId));
      await other.on(id, 'addIncidentTag', { tag: 'theirs' });
    });
    id = await room.declare();
    room.arm();
    const answer = await room.on(id, 'addIncidentTag', { tag: 'ours' }, { expectedVersion: 1 });
    expect(kindOf(answer)).toBe('ConflictError');
  });

  it('joins the incident that took its dedup key, and uses the name that was made meanwhile', async () => {
    const other = openDoor();
    const room = overtakenDoor(async (memory) => {
      other.memory.organizations.set(organizationId, memory.organization(organizationId));
      await other.deliver('group', { firing: [{ ...firing('a'), service: 'Checkout' }] });
    });
    room.arm();
    const answer = await room.deliver('group', { firing: [{ ...firing('b'), service: 'checkout' }] });
    expect(done(answer).incident?.number).toBe(1);
    expect(room.organization.incidents.size).toBe(1);
    expect(room.organization.names.size).toBe(1);
  });

  it('makes no use of a name that another command of its batch made and could not commit', async () => {
    const other = openDoor();
    let theirs = '';
    const room = overtakenDoor(async (memory) => {
      other.memory.organizations.set(organizationId, memory.organization(organizationId));
      await other.on(theirs, 'updateIncident', { service: 'Checkout' });
    });
    const ours = await room.declare();
    theirs = await room.declare();
    const third = await room.declare();
    room.arm();
    const answers = await Promise.all(
      [ours, third].map((id) => room.on(id, 'updateIncident', { service: 'checkout' })),
    );
    const services = answers.map((answer) => done(answer).incident?.state.serviceId);
    expect(new Set(services)).toEqual(new Set(room.organization.names.values()));
  });

  it('is decided under the policy that is in force when it is committed', async () => {
    const other = openDoor();
    const room = overtakenDoor(async (memory) => {
      other.memory.organizations.set(organizationId, memory.organization(organizationId));
      await other.administer({ name: 'setWorkflowPolicy', input: { overdueAfterMinutes: 7 } });
    });
    room.arm();
    const id = await room.declare();
    expect(room.organization.incidents.get(id)?.policyVersion).toBe(2);
  });

  it('is OVERLOADED with nothing done when that goes on for 5 s', async () => {
    let now = 0;
    const room = openDoor({
      wrap: (memory) =>
        overlaid(memory, {
          commit: async (batch) => {
            now += 1_000;
            return batch.changes.map(() => ({ kind: 'conflict' }) as const);
          },
        }),
      monotonic: () => now,
    });
    await expect(room.declare()).rejects.toBeInstanceOf(OverloadedError);
    expect(room.organization.ledgers.INCIDENTS).toHaveLength(0);
    expect(now).toBeLessThanOrEqual(6_000);
  });
});
