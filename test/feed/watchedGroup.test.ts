import { expect, it } from 'vitest';
import type { Render } from '../../src/feed/outlet.ts';
import type { WatchedListener, WatchedSource } from '../../src/feed/source.ts';
import { WatchedGroup } from '../../src/feed/watchedGroup.ts';
import { organizationId } from './fakeLedger.ts';
import { Reader, settled } from './groupReader.ts';

/** A number that may be set, and a group that shows it; `failures` of its readings fail before one works. */
function watched(last?: number) {
  const listeners = new Set<WatchedListener>();
  const state = { value: 0, failures: 0, reads: 0, empty: false, whileReading: () => {} };
  const source: WatchedSource<number> = {
    mode: 'watched',
    async listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async current() {
      state.reads += 1;
      if (state.failures-- > 0) throw new Error('away');
      const { value } = state;
      state.whileReading();
      return value;
    },
    isSame: (a, b) => a === b,
    ...(last === undefined ? {} : { isLast: (value) => value === last }),
  };
  const render: Render = async (values) => values.map((value) => Buffer.from(String(value)));
  const group = new WatchedGroup(source, {
    feed: null as never,
    organizationId,
    render,
    catchingUp: null as never,
    onEmpty: () => {
      state.empty = true;
    },
    onError: () => {},
  });
  return {
    group,
    state,
    listeners,
    set(value: number) {
      state.value = value;
      for (const listener of [...listeners]) listener.changed();
    },
  };
}

it('gives each member the value as it is, then only another one', async () => {
  const { group, set } = watched();
  const [first, second] = [new Reader(), new Reader()];
  await group.join(null, first);
  set(1);
  await settled(() => first.received.length === 2);
  await group.join(null, second);
  set(1);
  set(2);
  await settled(() => second.received.length === 2);
  expect(first.received).toEqual(['0', '1', '2']);
  expect(second.received).toEqual(['1', '2']);
});

it('lets a slow member skip what was between, never the latest', async () => {
  const { group, set } = watched();
  const [quick, slow] = [new Reader(), new Reader(1)];
  await group.join(null, quick);
  await group.join(null, slow);
  for (const value of [1, 2, 3]) {
    set(value);
    await settled(() => quick.received.at(-1) === String(value));
  }
  expect(slow.received).toEqual(['0']);
  slow.open();
  await settled(() => slow.received.length === 2);
  expect(slow.received).toEqual(['0', '3']);
});

it('looks once more at what changed while it looked', async () => {
  const { group, state, set } = watched();
  const reader = new Reader();
  state.whileReading = () => {
    state.whileReading = () => {};
    set(7);
  };
  await group.join(null, reader);
  expect(reader.received.at(-1)).toBe('7');
});

it('tries again what could not be read', async () => {
  const { group, state, set } = watched();
  const reader = new Reader();
  await group.join(null, reader);
  state.failures = 2;
  set(5);
  await settled(() => reader.received.at(-1) === '5');
  expect(state.reads).toBe(4);
  expect(reader.failures).toEqual([]);
});

it('fails its members when nothing more will be heard, and stops listening when the last one leaves', async () => {
  const ending = watched();
  const cut = new Reader();
  await ending.group.join(null, cut);
  for (const listener of [...ending.listeners]) listener.ended(new Error('over'));
  expect(cut.failures).toEqual([new Error('over')]);
  expect([ending.group.closed, ending.state.empty]).toEqual([true, true]);

  const left = watched();
  const leave = await left.group.join(null, new Reader());
  expect(left.listeners.size).toBe(1);
  leave();
  await settled(() => left.listeners.size === 0);
  expect(left.state.empty).toBe(true);
});

it('is complete with the last value: for whoever has it, also who is slow or comes late', async () => {
  const { group, state, listeners, set } = watched(3);
  const [quick, slow, late] = [new Reader(), new Reader(1), new Reader()];
  await group.join(null, quick);
  await group.join(null, slow);
  set(3);
  await settled(() => quick.done);
  expect([quick.received, slow.done, group.closed, listeners.size]).toEqual([['0', '3'], false, false, 0]);
  const { reads } = state;
  await group.join(null, late);
  expect([late.received, late.done, state.reads]).toEqual([['3'], true, reads + 1]);
  slow.open();
  await settled(() => slow.done);
  expect([slow.received, group.closed, state.empty]).toEqual([['0', '3'], true, true]);
});
