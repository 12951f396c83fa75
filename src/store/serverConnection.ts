import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type pg from 'pg';

/** What each sslmode asks for. Source: https://www.postgresql.org/docs/current/libpq-ssl.html */
const modes = {
  disable: 'plain',
  // Never back to plain text, which whoever sits in between could force.
  allow: 'encrypted',
  prefer: 'encrypted',
  require: 'encrypted',
  'no-verify': 'unverified',
  'verify-ca': 'authority',
  'verify-full': 'host',
} as const;

type Demand = (typeof modes)[keyof typeof modes];

/** What DATABASE_URL says about TLS; these words are ours to understand, all others are the driver's. */
const parameters = ['sslmode', 'ssl', 'sslrootcert', 'sslcert', 'sslkey', 'uselibpqcompat'] as const;

/**
 * How to connect to the server of this URL. What it says about TLS means what it means to PostgreSQL's own programs,
 * except that `allow` and `prefer` never go without; where it names no certificate to trust, `verify-full` trusts
 * those that Node does.
 * @throws Error, in one line and without a secret, when it asks for what cannot be done.
 */
export function serverConnection(databaseUrl: string): pg.ClientConfig {
  const url = new URL(databaseUrl);
  const said = Object.fromEntries(parameters.map((name) => [name, url.searchParams.get(name)]));
  if (Object.values(said).every((value) => value === null)) return { connectionString: databaseUrl };
  const ssl = isSocket(url) ? false : tlsOf(said as Said);
  for (const name of parameters) url.searchParams.delete(name);
  return { connectionString: url.href, ssl };
}

type Said = Readonly<Record<(typeof parameters)[number], string | null>>;

/** A socket of this machine: PostgreSQL offers no TLS there. */
function isSocket(url: URL): boolean {
  return decodeURIComponent(url.searchParams.get('host') ?? url.hostname).startsWith('/');
}

function tlsOf(said: Said): false | ConnectionOptions {
  const demand = demandOf(said);
  if (demand === 'plain') return false;
  const { sslrootcert } = said;
  if (sslrootcert === 'system' && demand !== 'host') {
    throw new Error('sslrootcert=system needs sslmode=verify-full');
  }
  const trusted = sslrootcert === null || sslrootcert === 'system' ? {} : { ca: read(said, 'sslrootcert') };
  const own = {
    ...(said.sslcert === null ? {} : { cert: read(said, 'sslcert') }),
    ...(said.sslkey === null ? {} : { key: read(said, 'sslkey') }),
  };
  if (demand === 'host') return { ...trusted, ...own };
  if (demand === 'authority' && !('ca' in trusted)) {
    throw new Error('sslmode=verify-ca needs sslrootcert, the file of the authority to trust');
  }
  // As libpq: whoever names an authority wants it asked, whatever the mode.
  const isVerified = 'ca' in trusted && demand !== 'unverified';
  return isVerified
    ? { ...trusted, ...own, checkServerIdentity: () => undefined }
    : { ...own, rejectUnauthorized: false };
}

function demandOf({ sslmode, ssl }: Said): Demand {
  if (sslmode === null) {
    if (ssl === '0' || ssl === 'false') return 'plain';
    return ssl === 'no-verify' ? 'unverified' : 'host';
  }
  if (Object.hasOwn(modes, sslmode)) return modes[sslmode as keyof typeof modes];
  throw new Error(`sslmode must be one of ${Object.keys(modes).join(', ')}`);
}

function read(said: Said, parameter: 'sslrootcert' | 'sslcert' | 'sslkey'): string {
  try {
    return readFileSync(said[parameter] ?? '', 'utf8');
  } catch (error) {
    throw new Error(`the file of ${parameter} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
