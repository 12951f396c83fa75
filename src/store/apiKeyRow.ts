import type { AdministrationEvent } from '../domain/administration/events.ts';

/**
 * The `api_key` row of a key just created. `hash` (SHA-256 of the secret, hexadecimal) is the one thing its event does
 * not say, so replay can check every other column but not that one.
 */
export function apiKeyRow(
  event: Extract<AdministrationEvent, { readonly type: 'API_KEY_CREATED' }>,
  hash: string,
): Readonly<Record<string, unknown>> {
  const { apiKeyId, name, prefix, role, scopes, expiresAt } = event.payload;
  return {
    id: apiKeyId,
    name,
    prefix,
    hash,
    role,
    scopes,
    created_at: event.at,
    created_by_kind: event.actor.kind,
    created_by_id: event.actor.id,
    created_by_role: event.actor.role,
    expires_at: expiresAt,
  };
}
