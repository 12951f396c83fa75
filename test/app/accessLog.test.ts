import { describe, expect, it } from 'vitest';
import { createAccessLog } from '../../src/app/accessLog.ts';
import type { AccessEntry } from '../../src/domain/access/accessEntry.ts';

const entry = (id: string) => ({ id }) as AccessEntry;

/** A database that writes when it is told to. */
function slowDatabase() {
  const calls: { organizationId: string; ids: string[]; end: (error?: Error) => void }[] = [];
  const write = (organizationId: string, entries: readonly AccessEntry[]) =>
    new Promise<void>((resolve, reject) => {
      const end = (error?: Error) => (error ? reject(error) : resolve());
      calls.push({ organizationId, ids: entries.map(({ id }) => id), end });
    });
  return { calls, write };
}

const turns = async () => {
  for (let n = 0; n < 10; n += 1) await Promise.resolve();
};

describe('the way into the access log', () => {
  it('has operations of one organization share a statement, and organizations not wait for each other', async () => {
    const { calls, write } = slowDatabase();
    const log = createAccessLog({ write, onError: () => undefined });
    const done: string[] = [];
    const record = (organization: string, ...ids: string[]) =>
      log.record(organization, ids.map(entry)).then(() => done.push(...ids));
    const all = [record('a', '1'), record('a', '2', '3'), record('a', '4'), record('b', '5')];
    expect(calls.map(({ ids }) => ids)).toEqual([['1'], ['5']]);
    calls[0]?.end();
    await turns();
    expect(done).toEqual(['1']);
    expect(calls[2]).toMatchObject({ organizationId: 'a', ids: ['2', '3', '4'] });
    calls[2]?.end();
    calls[1]?.end();
    await Promise.all(all);
    expect(done).toEqual(['1', '2', '3', '4', '5']);
  });

  it('fails what it could not write, and goes on', async () => {
    const { calls, write } = slowDatabase();
    const errors: unknown[] = [];
    const log = createAccessLog({ write, onError: (error) => errors.push(error) });
    const failing = log.record('a', [entry('1')]);
    const fine = log.record('a', [entry('2')]);
    calls[0]?.end(new Error('no room'));
    await expect(failing).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 1 });
    calls[1]?.end();
    await fine;
    expect(String(errors)).toContain('no room');
    // The lane was left: the next one begins anew.
    const next = log.record('a', [entry('3')]);
    calls[2]?.end();
    await next;
  });

  it('waits no longer than it may, and lets no more wait than it may', async () => {
    const { calls, write } = slowDatabase();
    const limits = { waiting: 3, together: 2, waitMilliseconds: 50 };
    const log = createAccessLog({ write, onError: () => undefined, limits });
    const stuck = [1, 2, 3, 4].map((n) => log.record('a', [entry(String(n))]));
    await expect(log.record('a', [entry('5')])).rejects.toMatchObject({ code: 'OVERLOADED' });
    for (const one of stuck) await expect(one).rejects.toMatchObject({ code: 'OVERLOADED' });
    calls[0]?.end();
    await turns();
    expect(calls[1]?.ids).toEqual(['2', '3']);
  });
});
