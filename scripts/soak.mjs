// `npm run soak`: the long form of what `npm test` does in short: more seeds, more kills, more disconnects. With
// DATABASE_URL on that server, else on the embedded database. An hour or so; WARROOM_SEEDS, WARROOM_KILLS and
// WARROOM_DISCONNECTS change how much.
import { run, setUp } from './setup.mjs';

setUp();
const environment = {
  WARROOM_SEEDS: '10000',
  WARROOM_KILLS: '50',
  WARROOM_DISCONNECTS: '5000',
  ...process.env,
};
delete environment.DATABASE_URL;
if (process.env.DATABASE_URL) environment.WARROOM_TEST_DATABASE_URL = process.env.DATABASE_URL;
process.exitCode = run(
  'vitest/vitest.mjs',
  [
    'run',
    '--testTimeout=3600000',
    'test/app/simulation.test.ts',
    'test/stories/killNine.test.ts',
    'test/stories/losslessFeed.test.ts',
  ],
  environment,
);
