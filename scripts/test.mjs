// `npm test` (embedded database), `npm run test:postgres` (the server of DATABASE_URL) and `npm run test:external` (with
// programs of others: Alertmanager, Chromium, PostgreSQL's tools, PagerDuty's and Opsgenie's clients). Further words go
// to vitest, e.g. `npm test -- test/domain`.
import { run, setUp } from './setup.mjs';

const words = process.argv.slice(2);
const suite = words[0]?.startsWith('--') ? words.shift() : '--embedded';
const environment = { ...process.env };
delete environment.DATABASE_URL;
delete environment.WARROOM_TEST_DATABASE_URL;
if (suite !== '--embedded' && process.env.DATABASE_URL) {
  environment.WARROOM_TEST_DATABASE_URL = process.env.DATABASE_URL;
} else if (suite === '--postgres') {
  process.stderr.write(
    'npm run test:postgres needs DATABASE_URL, a server where it may create databases, e.g. postgres://postgres@127.0.0.1:5432/postgres\n',
  );
  process.exit(1);
}
// They need what `npm test` must not: a machine with more than Node on it.
if (suite === '--external') words.push('test/external');
else words.push('--exclude', 'test/external/**');
setUp();
// The machine's copy of the outcome, for who counts.
const report = process.env.WARROOM_TEST_REPORT;
if (report) words.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
process.exitCode = run('vitest/vitest.mjs', ['run', ...words], environment);
