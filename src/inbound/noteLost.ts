import type { Principal } from '../domain/access/principal.ts';
import type { Reception } from './reception.ts';

type LoggedReception = Pick<Reception, 'log'> & {
  readonly request: Pick<Reception['request'], 'remoteAddress'>;
};

/** Logs that what was asked for is done, but for the note that came with it. */
export function noteLost({ log, request }: LoggedReception, principal: Principal, error: unknown): void {
  const about = { connector: 'opsgenie', apiKeyId: principal.credentialId, from: request.remoteAddress };
  log.error({ err: error, ...about }, 'The note of an alert could not be added.');
}
