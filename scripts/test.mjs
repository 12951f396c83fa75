// `npm test` (embedded database) and `npm run test:postgres` (the server of DATABASE_URL): the same suite. Further
// words go to vitest, e.g. `npm test -- test/domain`.
import { run, setUp } from './setup.mjs';

const words = process.argv.slice(2);
const environment = { ...process.env };
delete environment.DATABASE_URL;
delete environment.WARROOM_TEST_DATABASE_URL;
if (words[0] === '--postgres') {
  words.shift();
  if (!process.env.DATABASE_URL) {
    process.stderr.write(
      'npm run test:postgres needs DATABASE_URL, a server where it may create databases, e.g. postgres://postgres@127.0.0.1:5432/postgres\n',
    );
    process.exit(1);
  }
  environment.WARROOM_TEST_DATABASE_URL = process.env.DATABASE_URL;
}
setUp();
// The machine's copy of the outcome, for who counts.
const report = process.env.WARROOM_TEST_REPORT;
if (report) words.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
process.exitCode = run('vitest/vitest.mjs', ['run', ...words], environment);
