import type { TryAgain } from '../app/deadLetters.ts';
import { webhookFormats } from './formats.ts';
import { parseJson, unreadableReasons } from './readJson.ts';
import type { InboundOptions } from './reception.ts';
import { poisonIn, takeIn } from './takeIn.ts';
import { errorsFormat, type ScopeOf, takeInErrors } from './takeInErrors.ts';

/** Takes dead letters in as if they came now. What is neither taken in nor refused is to be tried later. */
export function createTryAgain(
  options: Pick<InboundOptions, 'handle' | 'fetchFromAmazon' | 'mappings' | 'log'> & {
    readonly scopeOf: ScopeOf;
  },
): TryAgain {
  const formats = webhookFormats(options);
  return async (name, body, principal) => {
    const format = formats.find((one) => one.name === name);
    if (format === undefined && name !== errorsFormat) {
      return { kind: 'refused', reason: `There is no connector ${name} any more.`, problems: [] };
    }
    const read = parseJson(body);
    if ('problem' in read) return { kind: 'refused', ...unreadableReasons[read.problem] };
    const taken =
      format === undefined
        ? await takeInErrors(read.value, principal, options)
        : await takeIn(format, read.value, principal, options);
    const poison = poisonIn(taken);
    if (poison !== null) return { kind: 'refused', ...poison };
    if (taken.kind === 'committed' || taken.kind === 'reported') return { kind: 'done' };
    if (taken.kind === 'failed') {
      options.log.error({ err: taken.error, connector: name }, 'A dead letter could not be replayed.');
    }
    return { kind: 'busy' };
  };
}
