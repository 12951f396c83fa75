import { describe, expect, it } from 'vitest';
import type { FeedEntry } from '../../src/feed/entry.ts';
import type { Render } from '../../src/feed/outlet.ts';
import type { FeedSource } from '../../src/feed/source.ts';
import { fakeLedger, organizationId } from './fakeLedger.ts';
import { house, join, pause, Reader, rendering, settled, textOf } from './groupReader.ts';

describe('a group', () => {
  it('executes once for all, for every event', async () => {
    const ledger = fakeLedger();
    const { feed, groups } = house(ledger);
    const render = rendering(() => 0);
    const readers = Array.from({ length: 50 }, () => new Reader());
    for (const reader of readers) await join(groups, null, reader, render);
    feed.committed(organizationId, 'INCIDENTS', ledger.append(7));
    await settled(() => readers.every((reader) => reader.received.length === 7));
    expect(render.count).toBe(7);
    expect(groups.size).toBe(1);
    await feed.close();
  });

  it('executes once for those who come back together, too', async () => {
    const ledger = fakeLedger();
    ledger.append(200);
    const { feed, groups } = house(ledger);
    const render = rendering(() => 0);
    const readers = Array.from({ length: 50 }, () => new Reader());
    await Promise.all(readers.map((reader) => join(groups, 0, reader, render)));
    await settled(() => readers.every((reader) => reader.received.length === 200));
    // The first batch of those who begin at once is made by each of them; everything after it is shared.
    expect(render.count).toBeLessThan(50 * 70);
    await feed.close();
  });

  it('ends when the last has left and begins anew for the next', async () => {
    const ledger = fakeLedger();
    const { feed, groups } = house(ledger);
    const render = rendering(() => 0);
    const leave = await join(groups, null, new Reader(), render);
    leave();
    expect(groups.size).toBe(0);
    const reader = new Reader();
    await join(groups, null, reader, render);
    feed.committed(organizationId, 'INCIDENTS', ledger.append(1));
    await settled(() => reader.received.length === 1);
    expect(reader.received).toHaveLength(1);
    await feed.close();
  });

  it('refuses a cursor beyond the head, and only that', async () => {
    const ledger = fakeLedger();
    ledger.append(3);
    const { feed, groups } = house(ledger);
    const render = rendering(() => 0);
    await expect(join(groups, 4, new Reader(), render)).rejects.toMatchObject({ code: 'CURSOR_BEYOND_HEAD' });
    expect(groups.size).toBe(0);
    const reader = new Reader();
    await join(groups, 1, reader, render);
    await settled(() => reader.received.length === 2);
    expect(reader.received).toHaveLength(2);
    await feed.close();
  });

  it('tells everyone when the feed ends, those who catch up included', async () => {
    const ledger = fakeLedger();
    ledger.append(100);
    const { feed, groups } = house(ledger);
    const render = rendering(() => 0);
    const live = new Reader();
    const full = new Reader(1);
    await join(groups, null, live, render);
    await join(groups, 0, full, render);
    await pause(20);
    await feed.close();
    await settled(() => full.failures.length > 0 && live.failures.length > 0);
    expect(live.failures).toHaveLength(1);
    expect(full.failures).toHaveLength(1);
  });

  it('tries again what could not be executed, and loses nothing', async () => {
    const ledger = fakeLedger();
    const { feed, groups } = house(ledger);
    let failures = 2;
    const render: Render = async (values) => {
      failures -= 1;
      if (failures >= 0) throw new Error('no context');
      return values.map((value) => Buffer.from(textOf(value as FeedEntry)));
    };
    const reader = new Reader();
    await join(groups, null, reader, render);
    feed.committed(organizationId, 'INCIDENTS', ledger.append(2));
    await settled(() => reader.received.length === 2);
    expect(reader.received).toHaveLength(2);
    await feed.close();
  });
});

describe('a group of the latest state', () => {
  it('gives the state at once, then the newest there is room for', async () => {
    const ledger = fakeLedger();
    const written = ledger.append(9);
    let current = written.at(-1)?.after ?? null;
    const { feed, groups } = house(ledger);
    const incident = current?.state.id;
    const source: FeedSource = {
      mode: 'latest',
      ledger: 'INCIDENTS',
      match: ({ entry }) => entry.ledger === 'INCIDENTS' && entry.incidentId === incident,
      current: async () => current,
    };
    const render = rendering(() => 0);
    const quick = new Reader();
    const slow = new Reader(1);
    await join(groups, null, quick, render, source);
    await join(groups, null, slow, render, source);
    expect([quick.received, slow.received]).toEqual([['9'], ['9']]);
    for (let n = 0; n < 10; n += 1) {
      feed.committed(organizationId, 'INCIDENTS', ledger.append(3));
      await pause(2);
    }
    current = null;
    slow.drain();
    await settled(() => quick.received.at(-1) === '39' && slow.received.at(-1) === '39');
    expect(quick.received.at(-1)).toBe('39');
    expect(slow.received).toEqual(['9', '39']);
    await feed.close();
  });
});
