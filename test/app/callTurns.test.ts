import { describe, expect, it } from 'vitest';
import { CallTurns } from '../../src/app/callTurns.ts';

/** Everybody who asks here, with how often each was given a place and what it holds. */
function world(limits: { inAll: number; ofOrganization: number }) {
  const turns = new CallTurns(limits);
  const held = new Map<string, (() => void)[]>();
  const given: string[] = [];
  const holds = (name: string) => held.get(name)?.length ?? 0;
  /** One more request of an action, named `organization/action`. */
  const ask = async (name: string, ending = new AbortController().signal) => {
    const [organizationId = '', bulkActionId = ''] = name.split('/');
    const giveBack = await turns.take({ organizationId, bulkActionId }, ending);
    if (giveBack === null) return false;
    given.push(name);
    held.set(name, [...(held.get(name) ?? []), giveBack]);
    return true;
  };
  /** As many as it gets of so many, one after the other, as an action asks; the rest stay asked for. */
  const askFor = async (name: string, count: number) => {
    for (let n = 0; n < count; n++) void ask(name);
    await settled();
    return holds(name);
  };
  const end = async (name: string) => {
    held.get(name)?.shift()?.();
    await settled();
  };
  return { ask, askFor, end, holds, given };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('turns at calls', () => {
  it('leave one for whoever comes next, however many keep theirs for good', async () => {
    const { askFor } = world({ inAll: 64, ofOrganization: 32 });
    const ofOne = [];
    for (const action of ['a', 'b', 'c', 'd', 'e', 'f']) ofOne.push(await askFor(`here/${action}`, 20));
    expect(ofOne).toEqual([16, 8, 4, 2, 1, 1]);
    expect(await askFor('there/a', 1)).toBe(1);
  });

  it('are never more than there are, neither of one organization nor in all', async () => {
    const one = world({ inAll: 1_000, ofOrganization: 4 });
    for (const action of ['a', 'b', 'c', 'd']) await one.askFor(`here/${action}`, 9);
    expect(one.given).toHaveLength(4);
    const all = world({ inAll: 8, ofOrganization: 1_000 });
    for (const organization of ['a', 'b', 'c', 'd', 'e']) await all.askFor(`${organization}/a`, 9);
    expect(all.given).toHaveLength(8);
  });

  it('go to the action that has the fewest, among equals to the one that has waited longest', async () => {
    const { askFor, end, holds, given } = world({ inAll: 1_000, ofOrganization: 12 });
    await askFor('here/slow', 6);
    await askFor('here/b', 3);
    await askFor('here/c', 3);
    given.length = 0;
    // All are given away but one, and all want more.
    for (const name of ['here/slow', 'here/b', 'here/c']) await askFor(name, 9);
    for (let n = 0; n < 3; n++) await end('here/slow');
    expect([holds('here/slow'), holds('here/b'), holds('here/c')]).toEqual([3, 3, 3]);
    await end('here/b');
    await end('here/c');
    expect([holds('here/slow'), holds('here/b'), holds('here/c')]).toEqual([3, 3, 3]);
  });

  it('go to the organization that has the fewest, whatever its actions have', async () => {
    const { askFor, end, holds } = world({ inAll: 12, ofOrganization: 1_000 });
    const here = () => holds('here/a') + holds('here/b') + holds('here/c');
    for (const action of ['a', 'b', 'c']) await askFor(`here/${action}`, 3);
    expect([here(), await askFor('there/a', 9)]).toEqual([6, 3]);
    await end('here/a');
    expect([here(), holds('there/a')]).toEqual([5, 4]);
    await end('here/b');
    await end('here/a');
    expect([here(), holds('there/a')]).toEqual([4, 4]);
  });

  it('come round, one after the other, when each has one', async () => {
    const { askFor, end, given } = world({ inAll: 1_000, ofOrganization: 1 });
    for (const name of ['here/a', 'here/b', 'here/c']) await askFor(name, 1);
    for (const name of ['here/a', 'here/b', 'here/c', 'here/a']) {
      await askFor(name, 1);
      await end(name);
    }
    expect(given).toEqual(['here/a', 'here/b', 'here/c', 'here/a', 'here/b']);
  });

  it('are not waited for any more when the wait is ended, and nobody loses a place by it', async () => {
    const { ask, askFor, end, holds } = world({ inAll: 10, ofOrganization: 1 });
    await askFor('here/a', 1);
    const ending = new AbortController();
    const waiting = ask('here/b', ending.signal);
    ending.abort();
    expect(await waiting).toBe(false);
    expect(await ask('here/b', ending.signal)).toBe(false);
    await end('here/a');
    expect([await askFor('here/c', 1), holds('here/b')]).toEqual([1, 0]);
  });
});
