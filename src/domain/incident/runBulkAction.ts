import { webhookOf } from '../bulkAction/actionWebhook.ts';
import {
  checkedTargets,
  concurrencyLimit,
  defaultConcurrency,
  throttleLimit,
} from '../bulkAction/bulkAction.ts';
import { InputCheck } from '../inputCheck.ts';
import { limits } from './limits.ts';
import type { IncidentVerb } from './verb.ts';

/**
 * Starts an action on many targets of a source, in any status: through the webhook of its burst's source, or of the
 * incident's own, unless another is named. One at a time on an incident.
 */
export const runBulkAction: IncidentVerb<'runBulkAction'> = (input, state, { policy, newId }) => {
  const check = new InputCheck();
  const source =
    check.optionalText('source', input.source, limits.name) ?? state.burst?.source ?? state.source;
  const targets = checkedTargets(check, input.targets);
  const concurrency =
    input.concurrency == null
      ? defaultConcurrency
      : check.whole('concurrency', input.concurrency, 1, concurrencyLimit);
  const throttleMilliseconds =
    input.throttleMilliseconds == null
      ? 0
      : check.whole('throttleMilliseconds', input.throttleMilliseconds, 0, throttleLimit);
  if (webhookOf(policy, source) === undefined) {
    const message = `The source ${source} has no action webhook. An administrator sets one with setActionWebhook.`;
    check.note('source', message);
  }
  if (state.bulkAction !== null) {
    check.note('incidentId', 'A bulk action runs on this incident. Wait until it is over, or cancel it.');
  }
  if (check.refusal !== null) return check.refusal;
  const bulkActionId = newId();
  const { action, targetsDigest } = input;
  const targetCount = targets.length;
  const started = { source, action, targetCount, targetsDigest, concurrency, throttleMilliseconds };
  return {
    ok: true,
    facts: [{ type: 'INCIDENT_BULK_ACTION_STARTED', payload: { bulkActionId, ...started } }],
    bulkTargets: targets.map((target, index) => ({ bulkActionId, ordinal: index + 1, target })),
  };
};
