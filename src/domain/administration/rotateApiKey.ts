import { InputCheck } from '../inputCheck.ts';
import { plusMinutes } from '../instant.ts';
import { refuseField, refuseNotFound } from '../refuse.ts';
import { beyondGiver } from './beyondGiver.ts';
import { type AdministrationVerb, happened } from './decision.ts';

/** The longest a superseded secret may go on working, in minutes: seven days. */
const overlapLimit = 7 * 24 * 60;

/**
 * Gives an API key a new secret; the one it has works on for `overlapMinutes`, one before that no longer at all. The
 * key stays the same key: the incidents it opened are still its own. Whoever rotates it is shown the new secret, so
 * they must be one who could have created it.
 */
export const rotateApiKey: AdministrationVerb<'rotateApiKey'> = (input, context) => {
  const { facts, at } = context;
  const { apiKeyId, made } = input;
  const key = facts.apiKey(apiKeyId);
  if (key === undefined) return refuseNotFound('There is no such API key in your organization.');
  const beyond = beyondGiver(context, key);
  if (beyond !== null) return beyond;
  if (key.revokedAt !== null) return refuseField(['apiKeyId'], 'This key is revoked. Create another one.');
  if (key.expiresAt !== null && key.expiresAt <= at) {
    return refuseField(['apiKeyId'], 'This key has expired. Create another one.');
  }
  const check = new InputCheck();
  const overlapMinutes = check.whole('overlapMinutes', input.overlapMinutes, 0, overlapLimit);
  if (check.refusal !== null) return check.refusal;
  const overlapEndsAt = plusMinutes(at, overlapMinutes);
  return happened({
    type: 'API_KEY_ROTATED',
    payload: { apiKeyId, prefix: made.prefix, supersedes: key.prefix, overlapEndsAt },
  });
};
