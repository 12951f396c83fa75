import { refuseNotFound } from '../refuse.ts';
import type { AdministrationVerb } from './decision.ts';

/** Revokes an API key for good; a key already revoked stays so without an event. */
export const revokeApiKey: AdministrationVerb<'revokeApiKey'> = ({ apiKeyId }, { facts }) => {
  const key = facts.apiKey(apiKeyId);
  if (key === undefined) return refuseNotFound('There is no such API key in your organization.');
  if (key.revokedAt !== null) return { ok: true, facts: [] };
  return { ok: true, facts: [{ type: 'API_KEY_REVOKED', payload: { apiKeyId } }] };
};
