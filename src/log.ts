import { pino } from 'pino';

/** What every room but domain, client and web logs with. One JSON line an event, on standard error. */
export type Log = Pick<pino.Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & {
  /** The same log with fields on every line, e.g. `{ requestId }`. */
  child(fields: Record<string, unknown>): Log;
};

/** How much is logged, least first. */
export const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Field names whose values never reach a log line, at the top and up to two levels down. */
const secretFields = [
  'authorization',
  'Authorization',
  'cookie',
  'key',
  'apiKey',
  'secret',
  'password',
  'token',
  'routing_key',
  'routingKey',
  'signingKey',
  'bootstrapKey',
  'databaseUrl',
  'connectionString',
];

/**
 * Makes the log. Standard output stays free for what a person asked for (the URL, the first key, verify's verdict).
 * Secrets are replaced by `[redacted]` by field name, and API keys by their shape wherever they stand in a line.
 */
export function createLog(level: LogLevel, destination?: pino.DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: '[redacted]',
      },
      hooks: { streamWrite: withoutKeys },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
}

/** API keys by shape, and passwords inside database URLs, even when they hide in an error's message or a path. */
function withoutKeys(line: string): string {
  return line
    .replace(/\bwr_[\w]{8}_[\w-]{43}/g, '[redacted]')
    .replace(/(postgres(?:ql)?:\/\/[^:@/\s"]*):[^@\s"]*@/g, '$1:[redacted]@');
}
