import { expect, it } from 'vitest';
import { simulate } from './simulation.ts';
import { checkInvariants } from './simulationInvariants.ts';

/**
 * `WARROOM_SEEDS=20000 npx vitest run test/app/simulation.test.ts` for a soak; `WARROOM_SEED=17` runs that one alone.
 * A seed that fails names itself, and runs the same every time.
 */
const count = Number(process.env.WARROOM_SEEDS ?? 300);
const only = process.env.WARROOM_SEED;
const seeds = only === undefined ? Array.from({ length: count }, (_, seed) => seed + 1) : [Number(only)];

it(
  `keeps its promises through crashes, cuts, jumps and races (${seeds.length} seeds)`,
  async () => {
    let written = 0;
    for (const seed of seeds) {
      try {
        const run = await simulate(seed);
        checkInvariants(run);
        for (const org of run.world.memory.organizations.values()) written += org.ledgers.INCIDENTS.length;
      } catch (error) {
        throw new Error(`Seed ${seed} fails: run it alone with WARROOM_SEED=${seed}.`, { cause: error });
      }
    }
    expect(written).toBeGreaterThan(seeds.length * 20);
  },
  Math.max(600_000, 200 * seeds.length),
);

it('runs a seed the same every time', async () => {
  const hashes = await Promise.all(
    [5, 5].map(async (seed) => {
      const { world } = await simulate(seed);
      return [...world.memory.organizations.values()].map((org) => org.ledgers.INCIDENTS.at(-1)?.hash);
    }),
  );
  expect(hashes[0]).toEqual(hashes[1]);
});
