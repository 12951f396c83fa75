import { createHandle } from '../app/handle.ts';
import { createKeyKeeper } from '../app/keyKeeper.ts';
import { type Config, readConfig } from '../config.ts';
import { type ApiKeyScope, apiKeyScopes, memberRoles } from '../domain/access/actor.ts';
import { commandLine } from '../domain/commandLine.ts';
import { createLog } from '../log.ts';
import { connectControl } from '../store/controlSocket.ts';
import { openDatabaseClock } from '../store/databaseClock.ts';
import type { KeyKeeper, KeyOutcome, ListedKey } from '../store/keyKeeper.ts';
import { openDatabase } from '../store/openDatabase.ts';
import { createPostgresStore } from '../store/postgresStore.ts';
import { CommandError } from './commandError.ts';

/** What every `warroom keys …` may be told. */
export interface KeysOptions {
  /** The organization's slug. */
  readonly organization: string;
}

/** What `warroom keys create` is told beside the name. */
export interface NewKeyOptions extends KeysOptions {
  readonly role: string;
  readonly scopes: string;
  readonly expires?: string;
}

/** `warroom keys list`: the keys of an organization, newest first. @throws CommandError when there is none. */
export function listKeys({ organization }: KeysOptions): Promise<void> {
  return withKeys(async (keys) => {
    const listed = await keys.list(organization);
    if (listed === null) throw new CommandError(`There is no organization ${organization}.`);
    return listed.length === 0 ? 'There are no keys.\n' : listed.map(lineOf).join('');
  });
}

/** `warroom keys create <name>`: makes one and prints its secret, this once. @throws CommandError when refused. */
export function createKey(name: string, options: NewKeyOptions): Promise<void> {
  const role = memberRoles.find((one) => one === options.role.toUpperCase());
  if (role === undefined) throw new CommandError(`--role must be one of ${memberRoles.join(', ')}.`);
  if (name.length > 100) throw new CommandError('The name of a key has at most 100 characters.');
  const scopes = scopesOf(options.scopes);
  const expiresAt = options.expires ?? null;
  return withKeys(async (keys) =>
    secretOf(await keys.create(options.organization, { name, role, scopes, expiresAt })),
  );
}

/** `warroom keys rotate <key>`: a new secret; the old one works for so many minutes yet. @throws CommandError */
export function rotateKey(
  key: string,
  { organization, overlap }: KeysOptions & { readonly overlap: string },
): Promise<void> {
  if (!/^\d{1,5}$/.test(overlap)) throw new CommandError('--overlap must be a whole number of minutes.');
  return withKeys(async (keys) => {
    const id = await idOf(keys, organization, key);
    return secretOf(await keys.rotate(organization, id, Number(overlap)));
  });
}

/** `warroom keys revoke <key>`: it works no longer than a second. @throws CommandError when refused. */
export function revokeKey(key: string, { organization }: KeysOptions): Promise<void> {
  return withKeys(async (keys) => {
    const id = await idOf(keys, organization, key);
    const outcome = await keys.revoke(organization, id);
    if (outcome.kind === 'refused') throw new CommandError(outcome.message);
    return `${key} is revoked.\n`;
  });
}

function scopesOf(text: string): ApiKeyScope[] {
  return text.split(',').map((word) => {
    const scope = apiKeyScopes.find((one) => one === word.trim().toUpperCase());
    if (scope === undefined) throw new CommandError(`--scopes must be of ${apiKeyScopes.join(', ')}.`);
    return scope;
  });
}

/** A key by its id, or by how its secret begins where only one does. */
async function idOf(keys: KeyKeeper, organization: string, key: string): Promise<string> {
  const listed = await keys.list(organization);
  if (listed === null) throw new CommandError(`There is no organization ${organization}.`);
  const found = listed.filter(({ id, prefix }) => id === key || prefix === key);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.id;
  throw new CommandError(
    found.length === 0
      ? `Organization ${organization} has no key ${key}. \`${commandLine} keys list\` shows those it has.`
      : `Several keys begin with ${key}: name one by its id.`,
  );
}

function lineOf(key: ListedKey): string {
  const state =
    key.revokedAt !== null
      ? `revoked ${key.revokedAt}`
      : key.expiresAt !== null
        ? `expires ${key.expiresAt}`
        : 'does not expire';
  const used = key.lastUsedAt === null ? 'never used' : `last used ${key.lastUsedAt}`;
  const from = key.ingest?.source == null ? '' : `, brings ${key.ingest.source}`;
  const refused = key.rateLimitedCount === 0 ? '' : `, refused ${key.rateLimitedCount} times for its rate`;
  return `${key.id}  ${key.prefix}…  ${key.role}  ${key.scopes.join(',')}  ${key.name}  (${state}, ${used}${refused}${from})\n`;
}

/** Only the secret goes to standard output, so that it can be piped to where it is kept. */
function secretOf(outcome: KeyOutcome): string {
  if (outcome.kind === 'refused') throw new CommandError(outcome.message);
  process.stderr.write(`The secret of key ${outcome.id}, shown this once:\n`);
  return `${outcome.secret}\n`;
}

/** Lets `work` do something about keys, prints what it answers, and closes what was opened for it. */
async function withKeys(work: (keys: KeyKeeper) => Promise<string>): Promise<void> {
  const { keys, close } = await openKeys(readConfig(process.env));
  try {
    process.stdout.write(await work(keys));
  } finally {
    await close();
  }
}

/**
 * Of a server: through its database, as one more instance. Embedded: through the Warroom that has it open, since a
 * change goes through one door.
 * @throws CommandError when none has.
 */
async function openKeys(config: Config): Promise<{ readonly keys: KeyKeeper; close(): Promise<void> }> {
  if (config.databaseUrl === null) {
    const running = await connectControl(config.dataDirectory);
    if (running) return { keys: running.keys, close: () => running.close() };
    throw new CommandError(
      `No Warroom is running on ${config.dataDirectory}. Start it, or set DATABASE_URL, and ask again.`,
    );
  }
  const log = createLog(config.logLevel);
  // Whoever serves it decides when its schema changes.
  const database = await openDatabase({ ...config, log, migrate: false });
  const clock = await openDatabaseClock(database, log);
  // Servers see what was committed by their poll, within a second.
  const inbox = { committed: () => {}, ring: () => {} };
  const handle = createHandle({ store: createPostgresStore(database), clock, inbox, log });
  return {
    keys: createKeyKeeper({ database, handle }),
    async close() {
      await handle.drain();
      clock.close();
      await database.close();
    },
  };
}
