import { expect, it } from 'vitest';
import { Turns } from '../../src/app/turns.ts';

it('gives turns at once while there are any, then in the order they were asked for', async () => {
  const turns = new Turns(2);
  expect(turns.take()).toBeNull();
  expect(turns.take()).toBeNull();
  const order: string[] = [];
  const third = turns.take()?.then(() => order.push('third'));
  const fourth = turns.take()?.then(() => order.push('fourth'));
  await Promise.resolve();
  expect(order).toEqual([]);
  turns.give();
  await third;
  expect(order).toEqual(['third']);
  turns.give();
  await fourth;
  turns.give();
  turns.give();
  expect(turns.take()).toBeNull();
});
