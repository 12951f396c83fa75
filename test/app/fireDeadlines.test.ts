import { describe, expect, it } from 'vitest';
import type { Handle } from '../../src/app/answer.ts';
import { createDeadlineFiring } from '../../src/app/fireDeadlines.ts';
import { replan } from '../../src/app/replan.ts';
import { done, gate, openDoor, organizationId } from './openDoor.ts';

const minutes = 60_000;

function firingOver(room: ReturnType<typeof openDoor>, handle: Handle = room.door, inFlight?: number) {
  return createDeadlineFiring({
    store: room.memory,
    clock: room.clock,
    handle,
    log: { warn: () => {} },
    ...(inFlight === undefined ? {} : { inFlight }),
  });
}

const typesOf = (room: ReturnType<typeof openDoor>) =>
  room.organization.ledgers.INCIDENTS.map(({ type }) => type);

describe('firing deadlines', () => {
  it('fires each once when due, not before, and says when the next is', async () => {
    const room = openDoor();
    await room.declare();
    const deadlines = firingOver(room);
    room.clock.advance(60 * minutes - 1);
    expect(await deadlines.fire()).toBe('2026-01-01T01:00:00.000Z');
    expect(typesOf(room)).toEqual(['INCIDENT_CREATED']);
    room.clock.advance(1);
    await Promise.all([deadlines.fire(), deadlines.fire()]);
    await deadlines.settled();
    await deadlines.fire();
    await deadlines.settled();
    expect(typesOf(room)).toEqual(['INCIDENT_CREATED', 'INCIDENT_ESCALATED']);
    expect(deadlines.stuck()).toEqual([]);
  });

  it('looks at a deadline that has moved on when its row says, writes nothing, and plans it anew', async () => {
    const room = openDoor();
    // Of this severity nothing else comes due in the hours it takes.
    const input = { title: 'Slow', severity: 'SEV4' } as const;
    const id = done(await room.door(room.requestOf(null, 'declareIncident', input))).incident?.state.id ?? '';
    const deadlines = firingOver(room);
    const warning = () => room.organization.deadlines.get(`${id} AUTO_RESOLVE_WARNING `)?.dueAt;
    const hour = async () => {
      room.clock.advance(60 * minutes);
      while ((await deadlines.fire()) === room.clock.now()) await deadlines.settled();
      await deadlines.settled();
    };
    const root = { summary: 's', category: 'UNKNOWN', remediationSteps: 'r' } as const;
    done(await room.on(id, 'acknowledgeIncident', {}));
    done(await room.on(id, 'recordRootCause', root));
    // Every note moves the warning on. To write that each time would be most of what a note costs.
    for (let n = 1; n <= 20; n += 1) {
      await hour();
      done(await room.on(id, 'addIncidentNote', { message: `hour ${n}` }));
    }
    expect(warning()).toBe('2026-01-01T23:00:00.000Z');
    const before = typesOf(room).length;
    for (let n = 0; n < 3; n += 1) await hour();
    expect(typesOf(room)).toHaveLength(before);
    expect(warning()).toBe('2026-01-02T19:00:00.000Z');
    for (let n = 0; n < 20; n += 1) await hour();
    expect(typesOf(room).slice(before)).toEqual(['INCIDENT_AUTO_RESOLVE_WARNED']);
    expect(room.organization.ledgers.INCIDENTS.at(-1)?.at).toBe('2026-01-02T19:00:00.000Z');
  });

  it('takes the rows of deadlines that no longer apply away, without an event', async () => {
    const room = openDoor();
    const id = await room.declare();
    const stale = { organizationId, incidentId: id, kind: 'ESCALATION', key: 'gone' } as const;
    room.organization.planned.set(id, [...(room.organization.planned.get(id) ?? []), 'stale']);
    room.organization.deadlines.set('stale', {
      ...stale,
      dueAt: room.clock.now(),
      leaseUntil: null,
      attempts: 0,
    });
    const deadlines = firingOver(room);
    await deadlines.fire();
    await deadlines.settled();
    expect(typesOf(room)).toEqual(['INCIDENT_CREATED']);
    expect([...room.organization.deadlines.values()].some(({ key }) => key === 'gone')).toBe(false);
  });

  it('fires 500 incidents of one organization due at once, never more than half of the places', async () => {
    const room = openDoor();
    await Promise.all(Array.from({ length: 500 }, (_, n) => room.declare(`incident ${n}`)));
    let inFlight = 0;
    let most = 0;
    const deadlines = firingOver(
      room,
      async (request) => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        return room.door(request).finally(() => {
          inFlight -= 1;
        });
      },
      100,
    );
    room.clock.advance(60 * minutes);
    for (let round = 0; round < 10; round++) {
      await deadlines.fire();
      await deadlines.settled();
    }
    expect(most).toBe(50);
    expect(typesOf(room).filter((type) => type === 'INCIDENT_ESCALATED')).toHaveLength(500);
  });

  it('finds a place for every organization, however many incidents of others hang', async () => {
    const room = openDoor();
    const other = '0190a000-0000-7000-8000-000000000002';
    await Promise.all(Array.from({ length: 300 }, (_, n) => room.declare(`incident ${n}`)));
    await room.door({
      ...room.requestOf(null, 'declareIncident', { title: 'T', severity: 'SEV3' }),
      organizationId: other,
    });
    const held = gate();
    let looks = 0;
    const deadlines = createDeadlineFiring({
      store: room.memory,
      clock: room.clock,
      handle: async (request) => {
        if (request.organizationId === organizationId) await held.opened;
        return room.door(request);
      },
      log: { warn: () => {} },
      inFlight: 100,
      onRoom: () => {
        looks += 1;
        void look();
      },
    });
    const look = async () => {
      while ((await deadlines.fire()) === room.clock.now());
    };
    room.clock.advance(60 * minutes);
    // Longer due, and more of it than one claim takes.
    await look();
    await expect
      .poll(() => room.memory.organization(other).ledgers.INCIDENTS.at(-1)?.type)
      .toBe('INCIDENT_ESCALATED');
    expect(typesOf(room)).not.toContain('INCIDENT_ESCALATED');
    expect(looks).toBe(0);
    held.open();
    await expect.poll(() => typesOf(room).filter((type) => type === 'INCIDENT_ESCALATED').length).toBe(300);
    await deadlines.settled();
  });

  it('keeps no deadline waiting for its lease that comes due while another of its incident is fired', async () => {
    const room = openDoor();
    await room.declare();
    const held = gate();
    const answered = gate();
    let commands = 0;
    const deadlines = firingOver(room, async (request) => {
      commands += 1;
      const answer = await room.door(request);
      answered.open();
      await held.opened;
      return answer;
    });
    room.clock.advance(60 * minutes);
    await deadlines.fire();
    await answered.opened;
    // 80 % of the 120 minutes to acknowledge a SEV3.
    room.clock.advance(36 * minutes);
    await deadlines.fire();
    expect(commands).toBe(1);
    held.open();
    await deadlines.settled();
    expect([commands, typesOf(room).at(-1)]).toEqual([2, 'INCIDENT_SLA_AT_RISK']);
  });

  it('sends one command for all that is due of an incident', async () => {
    const room = openDoor();
    await room.declare();
    let commands = 0;
    const deadlines = firingOver(room, (request) => {
      commands += 1;
      return room.door(request);
    });
    room.clock.advance(130 * minutes);
    await deadlines.fire();
    await deadlines.settled();
    expect(commands).toBe(1);
    expect(typesOf(room)).toEqual([
      'INCIDENT_CREATED',
      'INCIDENT_ESCALATED',
      'INCIDENT_SLA_AT_RISK',
      'INCIDENT_SLA_BREACHED',
    ]);
  });

  it('tries what fails again, ever later, reports it, and lets the others pass', async () => {
    const room = openDoor();
    const stuckId = await room.declare('stuck');
    await room.declare('well');
    let broken = true;
    let tries = 0;
    const deadlines = firingOver(room, async (request) => {
      const isStuck = request.target.by === 'id' && request.target.incidentId === stuckId;
      if (isStuck) tries += 1;
      if (isStuck && broken) throw new Error('broken');
      return room.door(request);
    });
    room.clock.advance(60 * minutes);
    for (let second = 0; second < 180; second++) {
      await deadlines.fire();
      await deadlines.settled();
      room.clock.advance(1_000);
    }
    expect(tries).toBeGreaterThan(5);
    expect(tries).toBeLessThan(10);
    expect(deadlines.stuck()).toMatchObject([{ incidentId: stuckId, failures: tries }]);
    expect(typesOf(room).filter((type) => type === 'INCIDENT_ESCALATED')).toHaveLength(1);
    broken = false;
    room.clock.advance(60_000);
    await deadlines.fire();
    await deadlines.settled();
    expect(deadlines.stuck()).toEqual([]);
    expect(typesOf(room).filter((type) => type === 'INCIDENT_ESCALATED')).toHaveLength(2);
  });
});

describe('re-planning', () => {
  it('gives every open incident the new policy’s deadlines, without an event', async () => {
    const room = openDoor();
    const ids = await Promise.all(Array.from({ length: 700 }, (_, n) => room.declare(`incident ${n}`)));
    await room.administer({
      name: 'setSlaPolicy',
      input: { targets: [{ severity: 'SEV3', acknowledgeWithinMinutes: 7, resolveWithinMinutes: 70 }] },
    });
    const deadlines = firingOver(room);
    await deadlines.fire();
    await deadlines.settled();
    expect(room.organization.ledgers.INCIDENTS).toHaveLength(700);
    for (const id of ids) {
      expect(room.organization.incidents.get(id)?.policyVersion).toBe(2);
      expect(room.organization.deadlines.get(`${id} ACKNOWLEDGE_SLA `)?.dueAt).toBe(
        '2026-01-01T00:07:00.000Z',
      );
    }
    expect(room.organization.deadlines.has('REPLAN')).toBe(false);
  });

  it('keeps its deadline when an incident could not be planned anew', async () => {
    const room = openDoor();
    await room.declare();
    await room.administer({ name: 'setWorkflowPolicy', input: { overdueAfterMinutes: 5 } });
    const fails = { store: room.memory, handle: () => Promise.reject(new Error('no')), organizationId };
    await expect(replan(fails)).rejects.toThrow('no');
    expect(room.organization.deadlines.has('REPLAN')).toBe(true);
  });

  it('plans all others anew, however many pages, when one cannot be', async () => {
    const room = openDoor();
    const ids = await Promise.all(Array.from({ length: 1_100 }, (_, n) => room.declare(`incident ${n}`)));
    const [poisoned] = ids.sort();
    await room.administer({ name: 'setWorkflowPolicy', input: { overdueAfterMinutes: 5 } });
    const handle: Handle = async (request) => {
      if (request.target.by === 'id' && request.target.incidentId === poisoned) throw new Error('poisoned');
      return room.door(request);
    };
    await expect(replan({ store: room.memory, handle, organizationId })).rejects.toThrow('poisoned');
    const old = ids.filter((id) => room.organization.incidents.get(id)?.policyVersion !== 2);
    expect(old).toEqual([poisoned]);
    expect(room.organization.deadlines.has('REPLAN')).toBe(true);
  });
});
