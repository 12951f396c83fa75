import { type ApiKeyScope, apiKeyScopes } from '../access/actor.ts';
import { InputCheck } from '../inputCheck.ts';
import { beyondGiver } from './beyondGiver.ts';
import type { AdministrationVerb } from './decision.ts';

/** Scopes that open one door to machines and no other, so that such a key can lie where machines are configured. */
const alone: readonly ApiKeyScope[] = ['INGEST', 'GATE'];

/**
 * Creates an API key that opens no more than its creator may give. The secret is made by the application and is no
 * part of the ledger; neither is its hash.
 */
export const createApiKey: AdministrationVerb<'createApiKey'> = (input, context) => {
  const check = new InputCheck();
  const name = check.text('name', input.name, 100);
  const scopes = apiKeyScopes.filter((scope) => input.scopes.includes(scope));
  if (scopes.length === 0) check.note('scopes', 'A key needs at least one scope.');
  const single = scopes.find((scope) => alone.includes(scope));
  if (single !== undefined && scopes.length > 1) {
    check.note('scopes', `${single} is given alone; make another key for the other scopes.`);
  }
  const expiresAt = input.expiresAt == null ? null : check.instant('expiresAt', input.expiresAt);
  if (expiresAt !== null && expiresAt <= context.at) check.note('expiresAt', 'This lies in the past.');
  if (check.refusal !== null) return check.refusal;
  const beyond = beyondGiver(context, { role: input.role, scopes });
  if (beyond !== null) return beyond;
  const { apiKeyId, prefix } = input.made;
  return {
    ok: true,
    facts: [
      { type: 'API_KEY_CREATED', payload: { apiKeyId, name, prefix, role: input.role, scopes, expiresAt } },
    ],
  };
};
