import type { IdempotentRequest } from '../app/answer.ts';
import type { Principal } from '../domain/access/principal.ts';
import { type Instant, plusMinutes } from '../domain/instant.ts';
import { sha256 } from './keys.ts';
import type { Reception } from './reception.ts';

/**
 * How long the same request once more is taken for its sender's second try, in minutes: longer than clients go on trying,
 * shorter than anybody waits who means it again.
 */
const repeatMinutes = 5;

/** The request for something that is done once, for as long as answers are kept (7 days); `what` says what it is. */
export function onceOf(principal: string, what: readonly string[]): IdempotentRequest {
  const digest = sha256(JSON.stringify(what));
  return { principal, key: `opsgenie:${digest}`, digest };
}

/**
 * The request for something that is done once in {@link repeatMinutes} minutes, or null when it was done that recently.
 * An answer is kept for days, so the key says in which stretch of time it is from; one of the stretch before counts as
 * long as it is young enough. @throws the database's error.
 */
export async function onceInAWhile(
  { alerts }: Pick<Reception, 'alerts'>,
  principal: Principal,
  what: readonly string[],
): Promise<IdempotentRequest | null> {
  const now = alerts.now();
  const stretch = stretchOf(now);
  const of = (number: number) => onceOf(principal.credentialId, [...what, String(number)]);
  const keys = [of(stretch - 1).key, of(stretch).key];
  return (await alerts.wasAnswered(principal, keys, plusMinutes(now, -repeatMinutes))) ? null : of(stretch);
}

function stretchOf(now: Instant): number {
  return Math.floor(Date.parse(now) / (repeatMinutes * 60_000));
}
