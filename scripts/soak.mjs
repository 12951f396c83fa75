// `npm run soak`: the long form of what `npm test` does in short: more seeds, kills, cuts, disconnects. With DATABASE_URL
// on that server, else on the embedded database (PostgreSQL's own restarts only where Debian's PostgreSQL is installed).
// A few hours; each WARROOM_… below changes how much, and further words choose files: `npm run soak -- killNine`.
import { run, setUp } from './setup.mjs';

const amounts = {
  WARROOM_SEEDS: '10000',
  WARROOM_KILLS: '50',
  WARROOM_DISCONNECTS: '5000',
  WARROOM_DEADLINES: '10000',
  WARROOM_CUTS: '500',
  WARROOM_RESTARTS: '20',
  WARROOM_JUMPS: '2000',
  WARROOM_ACKNOWLEDGEMENTS: '10000',
  WARROOM_TAMPERINGS: '1000',
  WARROOM_FUZZ_CALLS: '100000',
  WARROOM_NEVER_READING: '100',
  WARROOM_IDLE_SOCKETS: '5000',
  WARROOM_ALERTS: '10000',
};
const files = [
  'test/app/simulation.test.ts',
  'test/app/acknowledgeAtDeadline.test.ts',
  'test/stories/killNine.test.ts',
  'test/stories/losslessFeed.test.ts',
  'test/stories/twoInstances.test.ts',
  'test/stories/databaseCut.test.ts',
  'test/stories/clockJumps.test.ts',
  'test/stories/tampering.test.ts',
  'test/stories/tenantFuzz.test.ts',
  'test/stories/hostileClients.test.ts',
  'test/stories/manyAlerts.test.ts',
  'test/external/postgresRestart.test.ts',
];

setUp();
const environment = { ...amounts, ...process.env };
delete environment.DATABASE_URL;
if (process.env.DATABASE_URL) environment.WARROOM_TEST_DATABASE_URL = process.env.DATABASE_URL;
const chosen = process.argv.slice(2);
process.exitCode = run(
  'vitest/vitest.mjs',
  // One at a time: each is a load of its own, and measures what the others would disturb.
  [
    'run',
    '--testTimeout=7200000',
    '--hookTimeout=1800000',
    '--no-file-parallelism',
    ...(chosen.length > 0 ? chosen : files),
  ],
  environment,
);
