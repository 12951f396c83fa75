import { describe, expect, it } from 'vitest';
import { openDoor, organizationId, overlaid } from './openDoor.ts';

describe('a fault of the program', () => {
  it('in reading what is stored fails the commands that need it, alone and at once', async () => {
    let unreadable = '';
    let loads = 0;
    const room = openDoor({
      wrap: (memory) =>
        overlaid(memory, {
          load: async (request) => {
            loads += 1;
            if (request.incidentIds.includes(unreadable)) throw new TypeError('Event 2 is of no known type.');
            return memory.load(request);
          },
        }),
    });
    // By another process, so that this one remembers none of them.
    const elsewhere = openDoor();
    elsewhere.memory.organizations.set(organizationId, room.organization);
    const ids = await Promise.all(['a', 'b', 'c'].map((title) => elsewhere.declare(title)));
    [, unreadable = ''] = ids;
    const ends = await Promise.allSettled(
      ids.map((id) => room.on(id, 'addIncidentNote', { message: 'Looking.' })),
    );
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(ends[1]).toMatchObject({ reason: { message: 'Event 2 is of no known type.' } });
    expect(loads).toBe(4);
  });

  it('in the feed makes no command fail that is committed, or will be', async () => {
    const inbox = {
      committed: () => {
        throw new Error('The feed is broken.');
      },
      ring: () => {},
    };
    const room = openDoor({ inbox });
    const id = await room.declare();
    // The second uses the name that the first one makes, so it is put back and committed after the feed has thrown.
    const ends = await Promise.allSettled([
      room.on(id, 'updateIncident', { service: 'checkout' }),
      room.on(id, 'attachSignal', { type: 'ALERT', source: 's', summary: 's', service: 'checkout' }),
    ]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(room.organization.ledgers.INCIDENTS).toHaveLength(3);
  });
});
