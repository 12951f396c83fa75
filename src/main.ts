import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { readConfig, SettingError, settings } from './config.ts';
import { commandLine } from './domain/commandLine.ts';
import { CommandError } from './main/commandError.ts';
import type { KeysOptions, NewKeyOptions } from './main/keysCommand.ts';
import type { VerifyCommandOptions } from './main/verifyCommand.ts';
import { CannotStartError } from './store/cannotStart.ts';

// The command line. Importing this file runs it. Each command is loaded when it is asked for.

// What it loads checks more where this does not say that it is in use: graphql-js alone, on every value it shows.
process.env.NODE_ENV ??= 'production';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const program = new Command(commandLine)
  .description('An incident system of record that is alive.')
  .version(version)
  .addHelpText('after', settingsHelp());
program
  .command('start', { isDefault: true })
  .description('serve, until stopped')
  .action(async () => (await import('./main/startCommand.ts')).startCommand(readConfig(process.env)));
program
  .command('migrate')
  .description("bring the database to this version's schema")
  .action(async () => (await import('./main/migrateCommand.ts')).migrateCommand());
program
  .command('head')
  .description('print the head of every ledger, to keep elsewhere')
  .action(async () => (await import('./main/headCommand.ts')).headCommand());
program
  .command('verify')
  .description('prove that no event was altered, removed or inserted')
  .option(
    '--head <file...>',
    `heads saved earlier by \`${commandLine} head\`: also finds a cut tail and a full rewrite`,
  )
  .option('--key <id...>', 'key ids that the saved heads must be signed with')
  .option('--organization <slug>', 'only this organization')
  .option('--json', 'print the report as JSON')
  .action(async (options: VerifyCommandOptions) =>
    (await import('./main/verifyCommand.ts')).verifyCommand(options),
  );

program
  .command('sign-in-link <email>')
  .description('print a link that signs a person in, once, within an hour')
  .action(async (email: string) => (await import('./main/signInLinkCommand.ts')).signInLinkCommand(email));
const keys = program.command('keys').description('API keys of an organization');
const ofOrganization = ['--organization <slug>', 'whose keys', 'default'] as const;
keys
  .command('list')
  .description('list them, newest first; never their secrets')
  .option(...ofOrganization)
  .action(async (options: KeysOptions) => (await import('./main/keysCommand.ts')).listKeys(options));
keys
  .command('create <name>')
  .description('make one; its secret is printed this once')
  .option(...ofOrganization)
  .option('--role <role>', 'the most it may do', 'MEMBER')
  .option('--scopes <scopes>', 'what it may be used for: READ,RESPOND,ADMIN, or INGEST or GATE alone', 'READ')
  .option('--expires <instant>', 'when it stops working, e.g. 2027-01-31T00:00:00Z; never without')
  .action(async (name: string, options: NewKeyOptions) =>
    (await import('./main/keysCommand.ts')).createKey(name, options),
  );
keys
  .command('rotate <key>')
  .description('give one (its id, or how it begins) a new secret, printed this once')
  .option(...ofOrganization)
  .option('--overlap <minutes>', 'how long the old secret works on, at most 10080', '60')
  .action(async (key: string, options: KeysOptions & { readonly overlap: string }) =>
    (await import('./main/keysCommand.ts')).rotateKey(key, options),
  );
keys
  .command('revoke <key>')
  .description('end one (its id, or how it begins) for good')
  .option(...ofOrganization)
  .action(async (key: string, options: KeysOptions) =>
    (await import('./main/keysCommand.ts')).revokeKey(key, options),
  );

const superadmin = program
  .command('superadmin')
  .description('who may act in every organization; each act is written to its ledger and access log');
for (const [act, description] of [
  ['grant', 'let a person act in every organization'],
  ['revoke', 'take that back; their connections close within seconds'],
] as const) {
  superadmin
    .command(`${act} <email>`)
    .description(description)
    .action(async (email: string) =>
      (await import('./main/superadminCommand.ts')).superadminCommand(act, email),
    );
}
superadmin
  .command('list')
  .description('list them')
  .action(async () => (await import('./main/superadminCommand.ts')).superadminCommand('list'));

try {
  await program.parseAsync(process.argv);
} catch (error) {
  fail(error);
}

/** One line for what a person can put right; everything for what nobody expected. Exit code 2: a wrong setting. */
function fail(error: unknown): void {
  const foreseen = [SettingError, CommandError, CannotStartError].some((kind) => error instanceof kind);
  process.stderr.write(`${foreseen ? (error as Error).message : ((error as Error).stack ?? error)}\n`);
  process.exitCode = error instanceof SettingError ? 2 : 1;
}

function settingsHelp(): string {
  const rows = Object.entries(settings).map(
    ([name, setting]) => `  ${name.padEnd(24)}${setting.meaning} Default: ${setting.default ?? 'unset'}.`,
  );
  return `\nSettings (environment variables):\n${rows.join('\n')}`;
}
