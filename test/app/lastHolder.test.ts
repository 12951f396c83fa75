import { describe, expect, it } from 'vitest';
import { done, firing, grace, openDoor } from './openDoor.ts';

const clears = (...fingerprints: string[]) => ({
  cleared: fingerprints.map((fingerprint) => ({ fingerprint, at: null })),
});

/** An incident of two alerts that a person resolved while they were still firing. */
async function resolvedByAPerson() {
  const room = openDoor();
  const answer = done(await room.deliver('k', { firing: [firing('a'), firing('b')] }));
  const id = answer.incident?.state.id ?? '';
  await room.on(id, 'acknowledgeIncident', {});
  await room.on(id, 'recordRootCause', { summary: 's', category: 'UNKNOWN', remediationSteps: 'r' });
  done(await room.on(id, 'resolveIncident', { summary: 'Rolled back' }));
  return { room, id };
}

describe('a clear after a person resolved', () => {
  it('reaches the incident that gave the key back, so that nothing is open when it is reopened', async () => {
    const { room, id } = await resolvedByAPerson();
    const one = done(await room.deliver('k', clears('a')));
    expect(one.entries.map(({ type, incidentId }) => [type, incidentId])).toEqual([
      ['INCIDENT_SIGNAL_CLEARED', id],
    ]);
    expect(one.incident?.state).toMatchObject({ id, status: 'RESOLVED', openSignalCount: 1 });
    const rest = done(await room.deliver('k', { resolve: true }));
    expect(rest.entries.map(({ type }) => type)).toEqual(['INCIDENT_SIGNAL_CLEARED']);
    expect(done(await room.deliver('k', { ...clears('a'), resolve: true })).entries).toEqual([]);
    const reopened = done(await room.on(id, 'reopenIncident', { reason: 'Not yet' }));
    expect(reopened.incident?.state).toMatchObject({ status: 'INVESTIGATING', openSignalCount: 0 });
  });

  it('does so too in the very batch in which it was resolved', async () => {
    const room = openDoor();
    const { incident } = done(await room.deliver('k', { firing: [firing('a')] }));
    const id = incident?.state.id ?? '';
    await room.on(id, 'acknowledgeIncident', {});
    await room.on(id, 'recordRootCause', { summary: 's', category: 'UNKNOWN', remediationSteps: 'r' });
    const commits = room.memory.commits;
    const [, cleared] = await Promise.all([
      room.on(id, 'resolveIncident', { summary: 'Rolled back' }),
      room.deliver('k', clears('a')),
    ]);
    expect(room.memory.commits).toBe(commits + 1);
    expect(done(cleared).incident?.state).toMatchObject({ id, status: 'RESOLVED', openSignalCount: 0 });
  });

  it('changes nothing once the incident is closed', async () => {
    const { room, id } = await resolvedByAPerson();
    await room.on(id, 'closeIncident', { lessonsLearned: 'some', noFollowUpsBecause: 'none' });
    expect(done(await room.deliver('k', { ...clears('a'), resolve: true })).entries).toEqual([]);
  });

  it('finds whoever held the key last: what fires again is a new incident, and then its own', async () => {
    const { room, id } = await resolvedByAPerson();
    const again = done(await room.deliver('k', { firing: [firing('a')] })).incident?.state.id ?? '';
    expect(again).not.toBe(id);
    expect(done(await room.deliver('k', clears('b'))).entries).toEqual([]);
    await room.on(again, 'cancelIncident', { reason: 'Known' }, { by: grace });
    await room.on(id, 'reopenIncident', { reason: 'The same again' });
    expect(done(await room.deliver('k', clears('b'))).incident?.state).toMatchObject({
      id,
      openSignalCount: 1,
    });
  });
});
