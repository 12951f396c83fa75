import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTime, GraphQLDuration, GraphQLEmailAddress, GraphQLURL } from 'graphql-scalars';
import type { Instant } from '../domain/instant.ts';

/** RFC 3339 text to our canonical instant (UTC, milliseconds). @throws GraphQLError when it is not one, or out of range. */
function parseInstant(value: unknown): Instant {
  const date = GraphQLDateTime.parseValue(value) as Date;
  const year = date.getUTCFullYear();
  // PostgreSQL has no year 0, and five-digit years do not sort as text.
  if (!(year >= 1 && year <= 9999)) throw new GraphQLError('DateTime must lie in the years 0001 to 9999.');
  return date.toISOString();
}

function stringOf(ast: ValueNode, scalar: string): string {
  if (ast.kind !== Kind.STRING) {
    throw new GraphQLError(`${scalar} must be written as a string.`, { nodes: ast });
  }
  return ast.value;
}

/**
 * Instants go out exactly as the ledger holds them and come in as canonical UTC text with milliseconds: no Date on
 * the way, because parsing and printing one costs more than everything else about the field.
 */
export const DateTimeScalar = new GraphQLScalarType<Instant, Instant>({
  name: 'DateTime',
  description:
    'An instant, RFC 3339 in UTC with milliseconds, e.g. `2026-11-20T19:00:00.000Z`. Any offset is accepted as input.',
  specifiedByURL: 'https://datatracker.ietf.org/doc/html/rfc3339#section-5.6',
  extensions: { ...GraphQLDateTime.extensions, codegenScalarType: 'string' },
  serialize: (value) => value as Instant,
  parseValue: parseInstant,
  parseLiteral: (ast) => parseInstant(stringOf(ast, 'DateTime')),
});

function parseUrl(value: unknown): string {
  if (typeof value === 'string' && value.length <= 2048 && URL.canParse(value)) {
    const { protocol } = new URL(value);
    if (protocol === 'http:' || protocol === 'https:') return value;
  }
  throw new GraphQLError('URL must be an absolute http or https URL of at most 2,048 characters.');
}

/** URLs keep the text they were given; only http and https are taken, so that a link is safe to show. */
export const UrlScalar = new GraphQLScalarType<string, string>({
  name: 'URL',
  description: 'An absolute http or https URL of at most 2,048 characters.',
  specifiedByURL: 'https://url.spec.whatwg.org/',
  extensions: { ...GraphQLURL.extensions, codegenScalarType: 'string' },
  serialize: (value) => String(value),
  parseValue: parseUrl,
  parseLiteral: (ast) => parseUrl(stringOf(ast, 'URL')),
});

/** Email addresses are checked when they come in and go out as stored. */
export const EmailAddressScalar = new GraphQLScalarType<string, string>({
  ...GraphQLEmailAddress.toConfig(),
  description: 'An email address.',
  extensions: { ...GraphQLEmailAddress.extensions, codegenScalarType: 'string' },
  serialize: (value) => String(value),
});

/** Durations as ISO-8601 text. */
export const DurationScalar = new GraphQLScalarType<string, string>({
  ...GraphQLDuration.toConfig(),
  description: 'A length of time, ISO 8601, e.g. `PT1H30M` or `PT2.500S`.',
  extensions: { ...GraphQLDuration.extensions, codegenScalarType: 'string' },
  serialize: (value) => String(value),
});

/** Milliseconds as an ISO-8601 duration of hours, minutes and seconds; negative lengths count as zero. */
export function durationOf(milliseconds: number): string {
  const total = Math.max(0, Math.round(milliseconds));
  const hours = Math.floor(total / 3_600_000);
  const minutes = Math.floor((total % 3_600_000) / 60_000);
  const seconds = (total % 60_000) / 1000;
  const text = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${seconds > 0 ? `${seconds}S` : ''}`;
  return text === '' ? 'PT0S' : `PT${text}`;
}
