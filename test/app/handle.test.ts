import { describe, expect, it } from 'vitest';
import { ServerOutdatedError } from '../../src/app/answer.ts';
import { alertmanager, done, firing, grace, kindOf, openDoor, overlaid } from './openDoor.ts';

const note = (message: string) => ({ message });

describe('group commit', () => {
  it('commits 64 commands at once, in the order they came', async () => {
    const room = openDoor();
    const id = await room.declare();
    const before = room.memory.commits;
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, n) => room.on(id, 'addIncidentNote', note(`note ${n}`))),
    );
    expect(room.memory.commits - before).toBe(1);
    expect(answers.map((answer) => done(answer).sequence)).toEqual(
      Array.from({ length: 64 }, (_, n) => n + 2),
    );
    expect(room.news.map(({ entry }) => entry.sequence)).toEqual(Array.from({ length: 65 }, (_, n) => n + 1));
    expect(room.news.at(-1)?.after?.state.version).toBe(65);
    // Whoever is told what was committed has nothing to look for.
    expect(room.rings).toBe(0);
    expect(room.organization.snapshots.size).toBe(2);
  });

  it('commits together what arrives together, on however many connections', async () => {
    const room = openDoor();
    const id = await room.declare();
    const before = room.memory.commits;
    // Each connection's request is read, authenticated and executed before the next connection is looked at.
    const arriving = Array.from({ length: 8 }, async (_, n) => {
      for (let steps = 0; steps < 10 * n; steps += 1) await null;
      return room.on(id, 'addIncidentNote', note(`note ${n}`));
    });
    expect((await Promise.all(arriving)).map(kindOf)).toEqual(Array(8).fill('done'));
    expect(room.memory.commits - before).toBe(1);
  });

  it('tells the feed before it answers: whoever watches waits for no answer', async () => {
    const told: string[] = [];
    const room = openDoor({ inbox: { committed: () => told.push('the feed'), ring: () => {} } });
    await room.door(room.requestOf(null, 'declareIncident', { title: 'Down', severity: 'SEV3' }));
    expect(told).toEqual(['the feed']);
    const declared = room.declare().then(() => told.push('the person'));
    await declared;
    expect(told).toEqual(['the feed', 'the feed', 'the person']);
  });

  it('answers each command with the incident right after it', async () => {
    const room = openDoor();
    const id = await room.declare();
    const [first, second] = await Promise.all([
      room.on(id, 'acknowledgeIncident', {}),
      room.on(id, 'addIncidentTag', { tag: 'db' }),
    ]);
    expect(done(first).incident?.state.version).toBe(2);
    expect(done(first).incident?.state.tags).toEqual([]);
    expect(done(second).incident?.state.tags).toEqual(['db']);
  });

  it('applies 1,000 concurrent attaches to one incident, none of them a conflict', async () => {
    const room = openDoor();
    const id = await room.declare();
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, n) =>
        room.on(id, 'attachSignal', { type: 'LOG', source: 'story', summary: `line ${n}` }),
      ),
    );
    expect(answers.map(kindOf).filter((kind) => kind !== 'done')).toEqual([]);
    expect(room.organization.incidents.get(id)?.version).toBe(1_001);
  });

  it('declares one incident for a burst of deliveries with one dedup key', async () => {
    const room = openDoor();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => room.deliver('group', { firing: [firing(`f${n % 50}`)] })),
    );
    const ids = new Set(answers.map((answer) => done(answer).incident?.state.id));
    expect(ids.size).toBe(1);
    expect(room.organization.signals.size).toBe(50);
    expect([...room.organization.signals.values()].every((signal) => signal.count === 2)).toBe(true);
  });

  it('counts a signal attached again by its fingerprint, which is not what a connector says fires', async () => {
    const room = openDoor();
    const attached = async (id: string) =>
      done(await room.on(id, 'attachSignal', { type: 'LOG', source: 'app', summary: 's', fingerprint: 'f' }));
    const { incident } = done(await room.deliver('k', { firing: [firing('g')] }));
    const id = incident?.state.id ?? '';
    const both = await Promise.all([attached(id), attached(id)]);
    expect(both.map(({ entries }) => entries.length)).toEqual([1, 0]);
    expect((await attached(id)).entries).toEqual([]);
    expect(done(await room.deliver('k', { firing: [firing('f')] })).entries).toHaveLength(1);
    const over = done(await room.deliver('k', { resolve: true }));
    expect(over.entries.map(({ type }) => type)).toEqual([
      'INCIDENT_SIGNAL_CLEARED',
      'INCIDENT_SIGNAL_CLEARED',
      'INCIDENT_RESOLVED',
    ]);
  });

  it('makes a name once, however many commands of a batch use it', async () => {
    const room = openDoor();
    const id = await room.declare();
    const other = await room.declare();
    await Promise.all(
      [id, other, id].map((incident) => room.on(incident, 'updateIncident', { service: 'Checkout' })),
    );
    expect([...room.organization.names.keys()]).toEqual(['SERVICE checkout']);
  });

  it('keeps organizations apart', async () => {
    const room = openDoor();
    const id = await room.declare();
    const stranger = room.requestOf(id, 'addIncidentNote', note('hello'));
    const answer = await room.door({ ...stranger, organizationId: '0190a000-0000-7000-8000-000000000002' });
    expect(kindOf(answer)).toBe('NotFoundError');
  });
});

describe('what cannot be done', () => {
  it('answers NotFoundError for an incident that is not there, also for an id that is none', async () => {
    const room = openDoor();
    for (const id of ['0190a000-0000-7000-8000-00000000dead', 'INC-001', '']) {
      expect(kindOf(await room.on(id, 'addIncidentNote', note('x')))).toBe('NotFoundError');
    }
    expect(room.memory.commits).toBe(0);
  });

  it('refuses by role and scope before anything is queued', async () => {
    const room = openDoor();
    const id = await room.declare();
    const viewer = { kind: 'USER', id: 'v', role: 'VIEWER' } as const;
    expect(kindOf(await room.on(id, 'addIncidentNote', note('x'), { by: viewer }))).toBe('ForbiddenError');
    const key = { kind: 'API_KEY', id: 'k', role: 'ORG_ADMIN' } as const;
    expect(kindOf(await room.on(id, 'addIncidentNote', note('x'), { by: key }))).toBe('ForbiddenError');
    const scoped = {
      ...room.requestOf(id, 'addIncidentNote', note('x'), { by: key }),
      scopes: ['RESPOND'] as const,
    };
    expect(kindOf(await room.door(scoped))).toBe('done');
    const resolve = { summary: 'x' };
    expect(kindOf(await room.on(id, 'resolveIncident', resolve, { by: alertmanager }))).toBe(
      'ForbiddenError',
    );
  });

  it('never decides on a state of a newer program', async () => {
    const room = openDoor({
      wrap: (memory) =>
        overlaid(memory, {
          load: async (request) => ({
            ...(await memory.load(request)),
            incidents: [],
            outdatedIncidentIds: request.incidentIds,
          }),
        }),
    });
    await expect(
      room.on('0190a000-0000-7000-8000-00000000dead', 'addIncidentNote', note('x')),
    ).rejects.toBeInstanceOf(ServerOutdatedError);
  });

  it('writes nothing for a refusal, and nothing for what is already so', async () => {
    const room = openDoor();
    const id = await room.declare();
    const before = room.memory.commits;
    expect(kindOf(await room.on(id, 'closeIncident', {}, { key: 'k' }))).toBe('InvalidTransitionError');
    expect(done(await room.on(id, 'removeIncidentTag', { tag: 'none' })).entries).toEqual([]);
    expect(done(await room.on(id, 'removeIncidentTag', { tag: 'none' })).sequence).toBe(1);
    expect(room.memory.commits).toBe(before);
    expect(room.organization.requests.size).toBe(0);
  });
});

describe('expectedVersion', () => {
  it.each([
    [0, 'ConflictError'],
    [1, 'ConflictError'],
    [2, 'done'],
    [3, 'done'],
    [4, 'ConflictError'],
  ])('of %i at version 3, of which version 2 was the latest that matters: %s', async (expected, kind) => {
    const room = openDoor();
    const id = await room.declare();
    await room.on(id, 'acknowledgeIncident', {});
    await room.on(id, 'attachSignal', { type: 'LOG', source: 's', summary: 'immaterial' });
    const answer = await room.on(id, 'addIncidentTag', { tag: 'db' }, { expectedVersion: expected });
    expect(kindOf(answer)).toBe(kind);
    if (answer.kind === 'refused') expect(answer.refusal).toMatchObject({ currentVersion: 3 });
  });

  it('is compared with what the commands before it in the batch have made', async () => {
    const room = openDoor();
    const id = await room.declare();
    const answers = await Promise.all(
      ['a', 'b'].map((tag) => room.on(id, 'addIncidentTag', { tag }, { expectedVersion: 1 })),
    );
    expect(answers.map(kindOf)).toEqual(['done', 'ConflictError']);
  });

  it('of administration is the policy version', async () => {
    const room = openDoor();
    const command = { name: 'setWorkflowPolicy', input: { overdueAfterMinutes: 5 } } as const;
    expect(kindOf(await room.administer(command, { expectedVersion: 2 }))).toBe('ConflictError');
    expect(kindOf(await room.administer(command, { expectedVersion: 1 }))).toBe('done');
    expect(kindOf(await room.administer(command, { expectedVersion: 1 }))).toBe('ConflictError');
  });
});

describe('idempotency', () => {
  it('answers the same, with one effect, however often and however close together it is sent', async () => {
    const room = openDoor();
    const id = await room.declare();
    const send = () => room.on(id, 'addIncidentNote', note('once'), { key: 'k' });
    const together = await Promise.all([send(), send(), send()]);
    const later = await send();
    for (const answer of [...together, later]) {
      expect(done(answer).sequence).toBe(2);
      expect(done(answer).entries.map(({ sequence }) => sequence)).toEqual([2]);
    }
    expect(together.map((answer) => done(answer).replayed)).toEqual([false, true, true]);
    expect(room.organization.ledgers.INCIDENTS).toHaveLength(2);
  });

  it('answers with the incident as it is now, and a declaration with the incident it made', async () => {
    const room = openDoor();
    const id = await room.declare('Once', { key: 'd' });
    await room.on(id, 'addIncidentTag', { tag: 'db' });
    const again = await room.door(
      room.requestOf(null, 'declareIncident', { title: 'Once', severity: 'SEV3' }, { key: 'd' }),
    );
    expect(done(again)).toMatchObject({
      replayed: true,
      sequence: 1,
      incident: { state: { id, tags: ['db'] } },
    });
  });

  it('refuses the same key with other input, in the same batch as well', async () => {
    const room = openDoor();
    const id = await room.declare();
    const answers = await Promise.all(
      ['one', 'two'].map((message) => room.on(id, 'addIncidentNote', note(message), { key: 'k' })),
    );
    expect(answers.map(kindOf)).toEqual(['done', 'IdempotencyError']);
    expect(kindOf(await room.on(id, 'addIncidentNote', note('three'), { key: 'k' }))).toBe(
      'IdempotencyError',
    );
  });

  it('is kept per principal, also for what changed nothing, never for a refusal', async () => {
    const room = openDoor();
    const id = await room.declare();
    const remove = { tag: 'none' };
    expect(done(await room.on(id, 'removeIncidentTag', remove, { key: 'k' })).replayed).toBe(false);
    expect(done(await room.on(id, 'removeIncidentTag', remove, { key: 'k' })).replayed).toBe(true);
    expect(done(await room.on(id, 'removeIncidentTag', remove, { key: 'k', by: grace })).replayed).toBe(
      false,
    );
    expect(kindOf(await room.on(id, 'closeIncident', {}, { key: 'c' }))).toBe('InvalidTransitionError');
    expect(room.organization.requests.has('ada c')).toBe(false);
  });

  it('holds for administration', async () => {
    const room = openDoor();
    const command = { name: 'setWorkflowPolicy', input: { overdueAfterMinutes: 5 } } as const;
    const first = done(await room.administer(command, { key: 'p' }));
    const again = done(await room.administer(command, { key: 'p' }));
    expect(again).toMatchObject({ replayed: true, sequence: first.sequence, incident: null });
    expect(room.organization.policyVersion).toBe(2);
  });
});
