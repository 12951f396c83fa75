import type { KeyObject } from 'node:crypto';
import type { BlockList } from 'node:net';
import { resolve } from 'node:path';
import { readSealingKey } from './app/sealing.ts';
import { type OidcSettings, readOidcSettings } from './identity/oidc/settings.ts';
import { type LogLevel, logLevels } from './log.ts';
import { type MailSettings, readMailSettings } from './outbound/mailSettings.ts';
import { readTrustedProxies } from './server/requestOrigin.ts';
import { readTokenSettings, type TokenSettings, type TokenSettingTexts } from './server/tokenSettings.ts';
import { readSigningKey } from './store/headSigner.ts';
import { serverConnection } from './store/serverConnection.ts';

/** Every setting, read once at start. */
export interface Config {
  /** 0–65,535; 0 lets the system choose a free one. */
  readonly port: number;
  readonly host: string;
  /** Null: the embedded database in `dataDirectory`. */
  readonly databaseUrl: string | null;
  /** Absolute. */
  readonly dataDirectory: string;
  readonly bootstrapKey: string | null;
  readonly signingKey: KeyObject | null;
  /** 32 bytes. Null: secrets that have to be read back are stored as they are. */
  readonly secretKey: Uint8Array | null;
  /** An origin: scheme, host and port, without a slash at the end. Null: the address we listen on. */
  readonly publicUrl: string | null;
  /** Null: no mail is sent. */
  readonly mail: MailSettings | null;
  /** Null: people sign in with a password only. */
  readonly oidc: OidcSettings | null;
  readonly logLevel: LogLevel;
  /** Networks that requests of ours may go to although they are not of the internet, and in plain http. */
  readonly outboundAllowed: BlockList;
  /** Whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: BlockList;
  /** Whose JSON Web Tokens are taken; null: nobody's. */
  readonly tokens: TokenSettings | null;
  /** Months an entry of the access log is kept, 1 to 120. */
  readonly accessLogMonths: number;
  /** Days an error is kept that no incident came of, 1 to 3,650. */
  readonly errorDays: number;
}

/** A setting whose value cannot be used; the message is one line that names it, says why, and never quotes a secret. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** Name → what it means and what holds when it is unset: the one table, also printed by `--help`. */
export const settings = {
  PORT: { default: '4000', meaning: 'Port to listen on; 0 chooses a free one.' },
  HOST: { default: '127.0.0.1', meaning: 'Address to listen on.' },
  DATABASE_URL: { default: null, meaning: 'A PostgreSQL server, 15 to 18. Unset: the embedded database.' },
  WARROOM_DATA_DIR: { default: '.warroom', meaning: 'Where the embedded database lives.' },
  WARROOM_BOOTSTRAP_KEY: {
    default: null,
    meaning: 'The first API key, at least 32 characters. Used only when the database is empty.',
  },
  WARROOM_SIGNING_KEY: {
    default: null,
    meaning: 'Ed25519 private key (PEM, or its 32-byte seed in base64). Signs ledger heads.',
  },
  WARROOM_SECRET_KEY: {
    default: null,
    meaning:
      'Encrypts the secrets that senders sign with: 32 bytes in base64 or hexadecimal. Unset: stored as they are.',
  },
  WARROOM_PUBLIC_URL: {
    default: null,
    meaning:
      'Where people reach Warroom, e.g. https://warroom.example.com. Unset: the address it listens on.',
  },
  WARROOM_SMTP_URL: {
    default: null,
    meaning: 'Mail server, e.g. smtp://user:password@mail.example.com:587. Unset: no mail is sent.',
  },
  WARROOM_MAIL_FROM: {
    default: null,
    meaning: 'Who mail is from, e.g. Warroom <warroom@example.com>. Needed with WARROOM_SMTP_URL.',
  },
  WARROOM_OIDC_ISSUER: {
    default: null,
    meaning:
      'OpenID Connect provider to sign in through, e.g. https://login.example.com. Unset: passwords only.',
  },
  WARROOM_OIDC_CLIENT_ID: { default: null, meaning: 'Who Warroom is to that provider.' },
  WARROOM_OIDC_CLIENT_SECRET: {
    default: null,
    meaning: 'Its secret there. Unset: a public client, with PKCE alone.',
  },
  WARROOM_OIDC_NAME: { default: 'single sign-on', meaning: 'What the button says after "Sign in with".' },
  WARROOM_JWT_ISSUER: {
    default: null,
    meaning: 'Whose JSON Web Tokens are taken: their `iss`. Needs the next two.',
  },
  WARROOM_JWT_JWKS_URL: { default: null, meaning: "Where the issuer's public keys are; https." },
  WARROOM_JWT_AUDIENCE: {
    default: null,
    meaning: 'What their `aud` must hold; several separated by commas: one of them.',
  },
  WARROOM_JWT_USER_CLAIM: {
    default: 'email',
    meaning: "The claim that holds the person's email address; a.b looks into an object.",
  },
  WARROOM_JWT_GROUPS_CLAIM: { default: null, meaning: 'The claim that holds their groups.' },
  WARROOM_JWT_GROUP_ROLES: {
    default: null,
    meaning:
      'Roles by group, in the organization of a slug or in default, e.g. sre=SRE_LEAD,oncall=payments:ONCALL_ENGINEER; the highest counts.',
  },
  WARROOM_TRUSTED_PROXIES: {
    default: null,
    meaning: 'Addresses and ranges (10.0.0.0/8) of proxies whose X-Forwarded-For says who the client is.',
  },
  WARROOM_OUTBOUND_ALLOW: {
    default: null,
    meaning:
      'Addresses and ranges (10.20.0.0/16) of your own network that webhooks of an organization may lead to, also as http. Unset: https to the internet alone.',
  },
  WARROOM_ACCESS_LOG_MONTHS: {
    default: '24',
    meaning: 'Months an entry of the access log is kept, 1 to 120.',
  },
  WARROOM_ERROR_DAYS: {
    default: '90',
    meaning: 'Days a reported error is kept that no incident came of, 1 to 3650.',
  },
  WARROOM_LOG_LEVEL: { default: 'info', meaning: `How much is logged: ${logLevels.join(', ')}.` },
} as const satisfies Record<string, { readonly default: string | null; readonly meaning: string }>;

type SettingName = keyof typeof settings;

/**
 * Reads every setting from the environment; an empty value is an unset one.
 * @throws SettingError for the first value that cannot be used.
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  refuseMisspelled(environment);
  const text = (name: SettingName): string | null => environment[name]?.trim() || settings[name].default;
  return {
    port: portFrom(text('PORT') ?? ''),
    host: hostFrom(text('HOST') ?? ''),
    databaseUrl: databaseUrlFrom(text('DATABASE_URL')),
    dataDirectory: resolve(text('WARROOM_DATA_DIR') ?? ''),
    bootstrapKey: bootstrapKeyFrom(text('WARROOM_BOOTSTRAP_KEY')),
    signingKey: signingKeyFrom(text('WARROOM_SIGNING_KEY')),
    secretKey: fromRoom(() => readSealingKey(text('WARROOM_SECRET_KEY'))),
    publicUrl: publicUrlFrom(text('WARROOM_PUBLIC_URL')),
    mail: fromRoom(() => readMailSettings(text('WARROOM_SMTP_URL'), text('WARROOM_MAIL_FROM'))),
    oidc: fromRoom(() =>
      readOidcSettings({
        issuer: text('WARROOM_OIDC_ISSUER'),
        clientId: text('WARROOM_OIDC_CLIENT_ID'),
        clientSecret: text('WARROOM_OIDC_CLIENT_SECRET'),
        name: text('WARROOM_OIDC_NAME') ?? '',
      }),
    ),
    tokens: tokensFrom((name) => text(name)),
    outboundAllowed: networksFrom('WARROOM_OUTBOUND_ALLOW', text('WARROOM_OUTBOUND_ALLOW')),
    trustedProxies: networksFrom('WARROOM_TRUSTED_PROXIES', text('WARROOM_TRUSTED_PROXIES')),
    accessLogMonths: wholeFrom('WARROOM_ACCESS_LOG_MONTHS', text('WARROOM_ACCESS_LOG_MONTHS'), 120),
    errorDays: wholeFrom('WARROOM_ERROR_DAYS', text('WARROOM_ERROR_DAYS'), 3_650),
    logLevel: logLevelFrom(text('WARROOM_LOG_LEVEL') ?? ''),
  };
}

/** A misspelled setting is a wrong one: silently ignored it would be found out too late. */
function refuseMisspelled(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('WARROOM_') || name in settings || name.startsWith('WARROOM_TEST_')) continue;
    const known = Object.keys(settings).filter((setting) => setting.startsWith('WARROOM_'));
    throw new SettingError(`${name} is not a setting of Warroom. There are: ${known.join(', ')}.`);
  }
}

function portFrom(value: string): number {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65_535) {
    throw new SettingError(`PORT must be a whole number from 0 to 65535, not "${value}".`);
  }
  return port;
}

function hostFrom(value: string): string {
  if (!/^[\w.:-]+$/.test(value)) {
    throw new SettingError(`HOST must be an address or a host name without port or scheme, not "${value}".`);
  }
  return value;
}

function databaseUrlFrom(value: string | null): string | null {
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new SettingError('DATABASE_URL must look like postgres://user:password@host:5432/database.');
  }
  try {
    serverConnection(value);
  } catch (error) {
    throw new SettingError(`DATABASE_URL cannot be used: ${(error as Error).message}.`);
  }
  return value;
}

function bootstrapKeyFrom(value: string | null): string | null {
  if (value === null) return null;
  // It travels in an HTTP header: visible ASCII only. 512 is what a credential may have at most.
  if (!/^[\x21-\x7e]{32,512}$/.test(value)) {
    throw new SettingError('WARROOM_BOOTSTRAP_KEY must have 32 to 512 characters: ASCII, without spaces.');
  }
  return value;
}

function signingKeyFrom(value: string | null): KeyObject | null {
  if (value === null) return null;
  try {
    return readSigningKey(value);
  } catch {
    // What OpenSSL says may quote its input.
    throw new SettingError(
      'WARROOM_SIGNING_KEY must be an Ed25519 private key: PEM, or its 32-byte seed in base64 or hexadecimal.',
    );
  }
}

function publicUrlFrom(value: string | null): string | null {
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || `${url.origin}/` !== url.href) {
    throw new SettingError(
      `WARROOM_PUBLIC_URL must be http:// or https:// with a host and nothing after it, not "${value}".`,
    );
  }
  return url.origin;
}

function tokensFrom(text: (name: keyof TokenSettingTexts) => string | null): TokenSettings | null {
  try {
    return readTokenSettings({
      WARROOM_JWT_ISSUER: text('WARROOM_JWT_ISSUER'),
      WARROOM_JWT_JWKS_URL: text('WARROOM_JWT_JWKS_URL'),
      WARROOM_JWT_AUDIENCE: text('WARROOM_JWT_AUDIENCE'),
      WARROOM_JWT_USER_CLAIM: text('WARROOM_JWT_USER_CLAIM'),
      WARROOM_JWT_GROUPS_CLAIM: text('WARROOM_JWT_GROUPS_CLAIM'),
      WARROOM_JWT_GROUP_ROLES: text('WARROOM_JWT_GROUP_ROLES'),
    });
  } catch (error) {
    throw new SettingError((error as Error).message);
  }
}

function networksFrom(name: SettingName, value: string | null): BlockList {
  try {
    return readTrustedProxies(value ?? '');
  } catch (error) {
    throw new SettingError(`${name} cannot be used: ${(error as Error).message}`);
  }
}

function wholeFrom(name: SettingName, value: string | null, most: number): number {
  const whole = Number(value);
  if (!/^\d{1,4}$/.test(value ?? '') || whole < 1 || whole > most) {
    throw new SettingError(`${name} must be a whole number from 1 to ${most}, not "${value}".`);
  }
  return whole;
}

/** What a room finds wrong with its settings is wrong with ours. */
function fromRoom<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new SettingError((error as Error).message);
  }
}

function logLevelFrom(value: string): LogLevel {
  const level = logLevels.find((known) => known === value.toLowerCase());
  if (level === undefined) {
    throw new SettingError(`WARROOM_LOG_LEVEL must be one of ${logLevels.join(', ')}, not "${value}".`);
  }
  return level;
}
