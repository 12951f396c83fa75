import type { Principal } from '../domain/access/principal.ts';
import { createOpsgenieAlert } from './createOpsgenieAlert.ts';
import { deliver, undelivered } from './deliver.ts';
import { isJsonObject } from './fieldReader.ts';
import { opsgenieFormat, problemsIn } from './opsgenie.ts';
import { pagerDuty, readPagerDutyEvent } from './pagerDuty.ts';
import { readPagerDutyChange } from './pagerDutyChange.ts';
import { type InboundOptions, translationContext } from './reception.ts';
import type { TakenIn } from './takeIn.ts';

/** What became of a body that is taken in again; `told` is a refusal that its sender would have asked for. */
export type TakenInAgain = TakenIn | { readonly kind: 'told'; readonly reason: string };

type Options = Pick<InboundOptions, 'handle' | 'log' | 'defaultSeverity' | 'changes'> & {
  /** Of the letter: what nobody named is named by it, so that it is one, however often it is taken in. */
  readonly letterId: string;
};

/** Takes a body in, without its key, that came to an address of PagerDuty's or Opsgenie's. */
export type TakeInAgain = (value: unknown, principal: Principal, options: Options) => Promise<TakenInAgain>;

/** By the name of the letter's format. */
export const imitated: ReadonlyMap<string, TakeInAgain> = new Map([
  ['pagerduty', pagerDutyEvent],
  ['pagerduty-change', pagerDutyChange],
  [opsgenieFormat, opsgenieAlert],
]);

async function pagerDutyEvent(value: unknown, principal: Principal, options: Options): Promise<TakenIn> {
  const found = readPagerDutyEvent(value);
  if ('problems' in found) return { kind: 'invalid', problems: found.problems };
  const dedupKey = found.event.dedupKey ?? options.letterId.replaceAll('-', '');
  const command = pagerDuty(found.event, dedupKey, translationContext(options, principal));
  return deliver([command], principal, options.handle);
}

async function pagerDutyChange(value: unknown, principal: Principal, { changes }: Options): Promise<TakenIn> {
  const found = readPagerDutyChange(value);
  if ('problems' in found) return { kind: 'invalid', problems: found.problems };
  try {
    await changes.note(principal, found.change);
    return { kind: 'committed' };
  } catch (error) {
    return undelivered(error);
  }
}

async function opsgenieAlert(value: unknown, principal: Principal, options: Options): Promise<TakenInAgain> {
  if (!isJsonObject(value)) {
    return { kind: 'invalid', problems: [{ path: [], message: 'An object is expected.' }] };
  }
  const worked = await createOpsgenieAlert(
    { ...options, request: { remoteAddress: null } },
    principal,
    value,
    options.letterId,
  );
  if (worked.kind === 'invalid') return { kind: 'invalid', problems: problemsIn(worked.errors) };
  if (worked.kind !== 'worked') return worked;
  return worked.succeeded ? { kind: 'committed' } : { kind: 'told', reason: worked.outcome };
}
