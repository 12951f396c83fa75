import {
  type ActionWebhook,
  actionWebhookLimit,
  secretOverlapLimit,
  webhookOf,
} from '../bulkAction/actionWebhook.ts';
import { limits } from '../incident/limits.ts';
import { InputCheck } from '../inputCheck.ts';
import { plusMinutes } from '../instant.ts';
import type { Policy } from '../policy/policy.ts';
import { refuseConflict, refuseNotFound } from '../refuse.ts';
import { type AdministrationVerb, nothingHappened } from './decision.ts';
import { policyChange } from './policyChange.ts';

/** Says where a source takes actions on its targets. A new one gets a secret; one that moves keeps its own. */
export const setActionWebhook: AdministrationVerb<'setActionWebhook'> = (
  input,
  { policy, at, commandId },
) => {
  const { expectedVersion } = input;
  if (expectedVersion != null && expectedVersion !== policy.version) {
    const message = `The policy is at version ${policy.version}, not ${expectedVersion}.`;
    return refuseConflict(message, policy.version);
  }
  const check = new InputCheck();
  const source = check.text('source', input.source, limits.name);
  const url = check.url('url', input.url, limits.reference);
  if (/^https?:\/\/[^/?#]*@/i.test(url)) {
    check.note('url', 'A user or password in the URL is not sent. Requests are signed instead.');
  }
  const before = webhookOf(policy, source);
  if (before === undefined && policy.actionWebhooks.length >= actionWebhookLimit) {
    check.note('source', `At most ${actionWebhookLimit} sources have an action webhook. Remove one first.`);
  }
  if (check.refusal !== null) return check.refusal;
  return changed(policy, {
    secretSetAt: at,
    secretSetBy: commandId,
    overlapEndsAt: null,
    ...before,
    source,
    url,
  });
};

/** Takes the webhook of a source away, with its secret. */
export const removeActionWebhook: AdministrationVerb<'removeActionWebhook'> = ({ source }, { policy }) => {
  if (webhookOf(policy, source.trim()) === undefined) return nothingHappened;
  const actionWebhooks = policy.actionWebhooks.filter((one) => one.source !== source.trim());
  return policyChange('ACTION_WEBHOOKS', policy, { actionWebhooks });
};

/** Gives a webhook a new secret; requests are signed with the one before, too, for as long as is asked for. */
export const rotateActionWebhookSecret: AdministrationVerb<'rotateActionWebhookSecret'> = (
  { source, overlapMinutes },
  { policy, at, commandId },
) => {
  const before = webhookOf(policy, source.trim());
  if (before === undefined) return refuseNotFound('This source has no action webhook.');
  const check = new InputCheck();
  check.whole('overlapMinutes', overlapMinutes, 0, secretOverlapLimit);
  if (check.refusal !== null) return check.refusal;
  const overlapEndsAt = overlapMinutes === 0 ? null : plusMinutes(at, overlapMinutes);
  return changed(policy, { ...before, secretSetAt: at, secretSetBy: commandId, overlapEndsAt });
};

function changed(policy: Policy, webhook: ActionWebhook) {
  const others = policy.actionWebhooks.filter(({ source }) => source !== webhook.source);
  const actionWebhooks = [...others, webhook].sort((one, other) => (one.source < other.source ? -1 : 1));
  return policyChange('ACTION_WEBHOOKS', policy, { actionWebhooks });
}
