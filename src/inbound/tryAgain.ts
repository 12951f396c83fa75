import type { TryAgain } from '../app/deadLetters.ts';
import { webhookFormats } from './formats.ts';
import { parseJson, unreadableReasons } from './readJson.ts';
import type { WebhookFormat } from './receiveWebhook.ts';
import type { InboundOptions } from './reception.ts';
import { poisonIn, takeIn } from './takeIn.ts';
import { imitated } from './takeInAgain.ts';
import { errorsFormat, type ScopeOf, takeInErrors } from './takeInErrors.ts';
import { incidentsFormat, takeInIncidents } from './takeInIncidents.ts';

/** What programs report by POST, by its name among dead letters. */
const reports = new Map<string, typeof takeInErrors | typeof takeInIncidents>([
  [errorsFormat, takeInErrors],
  [incidentsFormat, takeInIncidents],
]);

/** Takes dead letters in as if they came now. What is neither taken in nor refused is to be tried later. */
export function createTryAgain(
  options: Pick<InboundOptions, 'handle' | 'changes' | 'fetchFromAmazon' | 'mappings' | 'log' | 'now'> & {
    readonly scopeOf: ScopeOf;
  },
): TryAgain {
  const formats = webhookFormats(options);
  return async ({ id, format: name, body }, principal) => {
    const format = formats.find((one) => one.name === name);
    const takeInAgain = reports.get(name) ?? imitated.get(name);
    if (format === undefined && takeInAgain === undefined) {
      return { kind: 'refused', reason: `There is no connector ${name} any more.`, problems: [] };
    }
    const read = parseJson(body);
    if ('problem' in read) return { kind: 'refused', ...unreadableReasons[read.problem] };
    const taken = await (takeInAgain === undefined
      ? takeIn(format as WebhookFormat, read.value, principal, options)
      : takeInAgain(read.value, principal, { ...options, letterId: id }));
    if (taken.kind === 'told') return { kind: 'refused', reason: taken.reason, problems: [] };
    const poison = poisonIn(taken);
    if (poison !== null) return { kind: 'refused', ...poison };
    if (taken.kind === 'committed' || taken.kind === 'reported') return { kind: 'done' };
    if (taken.kind === 'failed') {
      options.log.error({ err: taken.error, connector: name }, 'A dead letter could not be replayed.');
    }
    return { kind: 'busy' };
  };
}
