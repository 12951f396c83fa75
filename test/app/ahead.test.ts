import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/app/answer.ts';
import { doorWithHeldCommit } from './heldDoor.ts';
import { alertmanager, digestOf, done, firing, kindOf, openDoor, organizationId } from './openDoor.ts';

const otherId = '0190a000-0000-7000-8000-000000000002';

/** The incidents that deliveries went to, each once. */
async function incidentsOf(deliveries: readonly ReturnType<ReturnType<typeof openDoor>['deliver']>[]) {
  const answers = await Promise.all(deliveries);
  return new Set(answers.map((answer) => done(answer).incident?.state.id));
}

describe('while a batch is being committed', () => {
  it('the next signals are loaded, and committed right after it', async () => {
    const room = doorWithHeldCommit();
    room.hold();
    const first = room.fires('a');
    const next = await room.follow(
      () => room.fires('b'),
      () => room.fires('c'),
    );
    expect(room.steps).toEqual(['load a', 'commit 1', 'load b c']);
    room.open();
    expect((await incidentsOf([first, ...next])).size).toBe(3);
    expect(room.steps.slice(3)).toEqual(['commit 2']);
    expect(room.organization.ledgers.INCIDENTS.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([
    ['of which one is by the same key', ['a', 'b']],
    ['of which there are few', ['b']],
  ])('signals wait, %s', async (_, keys) => {
    const room = doorWithHeldCommit();
    room.hold();
    const first = room.fires('a', 'first');
    const next = await room.follow(...keys.map((key) => () => room.fires(key)));
    expect(room.steps).toEqual(['load a', 'commit 1']);
    room.open();
    await Promise.all([first, ...next]);
    expect(room.incidents()).toBe(new Set(['a', ...keys]).size);
    expect(room.organization.signals.size).toBe(1 + keys.length);
  });

  it('signals wait behind people', async () => {
    const room = doorWithHeldCommit();
    const known = await room.declare();
    const from = room.steps.length;
    room.hold();
    const first = room.fires('a');
    const rest = await room.follow(
      () => room.fires('b'),
      () => room.fires('c'),
      // A person.
      () => room.on(known, 'addIncidentNote', { message: 'Looking.' }),
    );
    expect(room.steps.slice(from)).toEqual(['load a', 'commit 1']);
    room.open();
    await Promise.all([first, ...rest]);
    expect(room.incidents()).toBe(4);
  });

  it('what turns out to be of an incident under way is loaded again after it', async () => {
    const room = doorWithHeldCommit();
    const [loser, winner] = [done(await room.fires('a')), done(await room.fires('b'))];
    const into = { intoIncidentId: winner.incident?.state.id ?? '', reason: 'One outage' };
    done(await room.on(loser.incident?.state.id ?? '', 'mergeIncidents', into));
    const from = room.steps.length;
    room.hold();
    const first = room.fires('a', 'a2');
    const next = await room.follow(
      () => room.fires('b', 'b2'),
      () => room.fires('c'),
    );
    room.open();
    expect((await incidentsOf([first, ...next])).size).toBe(2);
    expect(room.steps.slice(from)).toEqual(['load a', 'commit 1', 'load b c', 'load b c', 'commit 2']);
    expect(room.organization.signals.size).toBe(5);
  });

  it('what was read has no turn while it waits: other organizations go on', async () => {
    const room = doorWithHeldCommit({}, { aheadFrom: 2, batchesAtOnce: 2 });
    room.hold();
    const first = room.fires('a');
    const next = await room.follow(
      () => room.fires('b'),
      () => room.fires('c'),
    );
    const declaration = room.requestOf(null, 'declareIncident', { title: 'Down', severity: 'SEV3' });
    done(await room.door({ ...declaration, organizationId: otherId }));
    expect(room.steps).toEqual(['load a', 'commit 1', 'load b c', 'load ', 'commit 1']);
    room.open();
    expect((await incidentsOf([first, ...next])).size).toBe(3);
  });

  it('nothing is read ahead of a change of policy', async () => {
    const room = doorWithHeldCommit();
    room.hold();
    const first = room.administer({ name: 'setWorkflowPolicy', input: { overdueAfterMinutes: 5 } });
    const next = await room.follow(
      () => room.fires('b'),
      () => room.fires('c'),
    );
    expect(room.steps).toEqual(['load ', 'commit 1']);
    room.open();
    await Promise.allSettled([first, ...next]);
    expect(room.incidents()).toBe(2);
  });
});

describe('what was read ahead is done once', () => {
  it('when it could not be read', async () => {
    let failures = 0;
    const memory = openDoor().memory;
    const room = doorWithHeldCommit({
      load: async (request) => {
        if (request.dedupKeys.includes('b') && failures++ === 0) throw new Error('Connection terminated');
        return memory.load(request);
      },
      commit: (batch) => memory.commit(batch),
    });
    room.hold();
    const first = room.fires('a');
    const next = await room.follow(
      () => room.fires('b'),
      () => room.fires('c'),
    );
    room.open();
    expect((await incidentsOf([first, ...next])).size).toBe(3);
    expect(failures).toBe(2);
  });

  it.each(['before', 'after'])(
    'when the connection of what went before died %s it was committed',
    async (when) => {
      let cuts = 1;
      const memory = openDoor().memory;
      const room = doorWithHeldCommit({
        load: (request) => memory.load(request),
        commit: async (batch) => {
          if (cuts-- > 0) {
            if (when === 'after') memory.commitNow(batch);
            throw new Error('Connection terminated unexpectedly');
          }
          return memory.commitNow(batch);
        },
      });
      room.hold();
      const first = room.fires('a');
      const next = await room.follow(
        () => room.fires('b'),
        () => room.fires('c'),
      );
      room.open();
      expect((await incidentsOf([first, ...next])).size).toBe(3);
      const { incidents, signals } = memory.organization(organizationId);
      expect([incidents.size, signals.size]).toEqual([3, 3]);
    },
  );

  it('after the person whose commit failed before it', async () => {
    let failures = 1;
    let known: string | null = null;
    const memory = openDoor().memory;
    const room = doorWithHeldCommit({
      load: (request) => memory.load(request),
      commit: async (batch) => {
        const isOfPerson = batch.changes.some(({ incidentId }) => incidentId === known);
        if (isOfPerson && failures-- > 0) throw Object.assign(new Error('deadlock'), { code: '40P01' });
        return memory.commitNow(batch);
      },
    });
    known = await room.declare();
    const from = room.steps.length;
    room.hold();
    const first = room.on(known, 'updateIncident', { service: 'checkout' });
    const next = await room.follow(
      () => room.fires('b'),
      () => room.fires('c'),
    );
    expect(room.steps.slice(from)).toEqual(['load ', 'commit 1', 'load b c']);
    room.open();
    const { sequence } = done(await first);
    const later = await Promise.all(next);
    expect(later.map((answer) => done(answer).sequence > sequence)).toEqual([true, true]);
  });

  it('when it came under the idempotency key of what is being committed', async () => {
    const room = doorWithHeldCommit();
    const fires = (key: string, digest = digestOf(key)) =>
      room.door({
        organizationId,
        actor: alertmanager,
        target: { by: 'dedupKey', key },
        command: {
          name: 'receiveSignals',
          input: {
            dedupKey: key,
            declare: { title: key, severity: 'SEV3' },
            firing: [firing(key)],
            cleared: [],
            severity: null,
          },
        },
        request: { principal: 'am', key: 'once', digest },
      });
    room.hold();
    const first = fires('a');
    const [other, same] = await room.follow(
      () => fires('b'),
      () => fires('c', digestOf('a')),
    );
    expect(room.steps).toEqual(['load a', 'commit 1', 'load b c']);
    room.open();
    const { entries } = done(await first);
    expect(kindOf((await other) as Answer)).toBe('IdempotencyError');
    const again = done((await same) as Answer);
    expect([again.replayed, again.entries.map(({ hash }) => hash)]).toEqual([
      true,
      entries.map(({ hash }) => hash),
    ]);
    expect([room.incidents(), room.organization.signals.size]).toEqual([1, 1]);
  });

  it('when somebody else has written to its incident meanwhile', async () => {
    const room = doorWithHeldCommit();
    const known = done(await room.fires('b')).incident?.state.id;
    const elsewhere = openDoor();
    room.hold();
    const first = room.fires('a');
    const next = await room.follow(
      () => room.fires('b', 'b2'),
      () => room.fires('c'),
    );
    elsewhere.memory.organizations.set(organizationId, room.organization);
    done(await elsewhere.on(known ?? '', 'addIncidentNote', { message: 'Looking.' }));
    room.open();
    await Promise.all([first, ...next]);
    expect(room.organization.ledgers.INCIDENTS.map(({ sequence }) => sequence)).toEqual(
      room.organization.ledgers.INCIDENTS.map((_, index) => index + 1),
    );
    expect(room.incidents()).toBe(3);
    expect(room.organization.signals.size).toBe(4);
  });
});
