import { describe, expect, test } from 'vitest';
import { createGuessing, type Guess, guessLimits } from '../../src/app/guessing.ts';

const clock = () => {
  const time = { now: 1_000_000 };
  return { time, guessing: createGuessing(() => time.now) };
};
const wrong = (guesses: number, guess: () => Guess) =>
  Array.from({ length: guesses }, () => guess().waitSeconds).filter((wait) => wait === 0).length;

describe.each(Object.entries(guessLimits))('%s', (kind, { atOnce, oneMoreEvery }) => {
  test('is given so many at once, however many are tried in one moment', () => {
    const { guessing } = clock();
    expect(wrong(10_000, () => guessing.guess({ [kind]: 'who' }))).toBe(atOnce);
    expect(guessing.guess({ [kind]: 'who' }).waitSeconds).toBe(oneMoreEvery / 1_000);
    expect(guessing.guess({ [kind]: 'somebody else' }).waitSeconds).toBe(0);
  });

  test('then one more each time, and all again after a long while', () => {
    const { time, guessing } = clock();
    const guess = () => guessing.guess({ [kind]: 'who' });
    wrong(atOnce, guess);
    time.now += oneMoreEvery - 1;
    expect(wrong(5, guess)).toBe(0);
    time.now += 1;
    expect(wrong(5, guess)).toBe(1);
    time.now += 3 * oneMoreEvery;
    expect(wrong(5, guess)).toBe(3);
    time.now += atOnce * oneMoreEvery;
    expect(wrong(10_000, guess)).toBe(atOnce);
  });

  test('a right one counts for nothing, once', () => {
    const { guessing } = clock();
    const guess = () => guessing.guess({ [kind]: 'who' });
    for (let tries = 0; tries < 3 * atOnce; tries += 1) {
      const made = guess();
      if (!('right' in made)) throw new Error('refused');
      made.right();
      made.right();
    }
    expect(wrong(10_000, guess)).toBe(atOnce);
  });
});

test('who is refused for one reason has used up nothing of the other', () => {
  const { guessing } = clock();
  wrong(1_000, () => guessing.guess({ account: 'ada', address: '192.0.2.1' }));
  // The account let 20 through; the address was asked 1,000 times and has 40 left.
  expect(wrong(1_000, () => guessing.guess({ address: '192.0.2.1' }))).toBe(
    guessLimits.address.atOnce - guessLimits.account.atOnce,
  );
});

test('a thousand guessed accounts leave others alone, and no account can be forgotten by guessing at more', () => {
  const { guessing } = clock();
  wrong(1_000, () => guessing.guess({ account: 'ada' }));
  for (let account = 0; account < 1_000; account += 1)
    wrong(25, () => guessing.guess({ account: `guessed ${account}` }));
  expect(guessing.guess({ account: 'ada' }).waitSeconds).toBeGreaterThan(0);
  const alone = Array.from({ length: 1_000 }, (_, index) => guessing.guess({ account: `other ${index}` }));
  expect(alone.filter(({ waitSeconds }) => waitSeconds > 0).length).toBeLessThan(10);
});
