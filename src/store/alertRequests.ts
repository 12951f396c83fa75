import type { Instant } from '../domain/instant.ts';
import type { Database } from './database.ts';
import type { ReadScope } from './read/scope.ts';

/** What became of a request whose sender may ask for it later. */
export interface AlertRequest {
  readonly requestId: string;
  /** Null when it reached no alert. */
  readonly incidentId: string | null;
  /** What was asked for, in the sender's words; at most 40 characters. */
  readonly action: string;
  readonly succeeded: boolean;
  /** In a few words; at most 500 characters. */
  readonly outcome: string;
  readonly at: Instant;
}

/** Notes what became of a request of this API key; returns once it is durable. @throws Error of the database. */
export async function noteAlertRequest(
  database: Pick<Database, 'asOrganization'>,
  { organizationId, apiKeyId }: { readonly organizationId: string; readonly apiKeyId: string },
  request: AlertRequest,
): Promise<void> {
  const row = {
    api_key_id: apiKeyId,
    request_id: request.requestId,
    action: request.action,
    succeeded: request.succeeded,
    outcome: request.outcome,
    incident_id: request.incidentId,
    at: request.at,
  };
  await database.asOrganization(organizationId, 'SELECT warroom.note_alert_request($1, $2)', [
    organizationId,
    JSON.stringify(row),
  ]);
}

/** What became of a request of this API key; null when it has none of this id, or it is longer ago than 7 days. */
export async function alertRequest(
  scope: ReadScope,
  apiKeyId: string,
  requestId: string,
): Promise<AlertRequest | null> {
  const [row] = await scope.database.asOrganization<{
    action: string;
    succeeded: boolean;
    outcome: string;
    incident_id: string | null;
    at: string;
  }>(
    scope.organizationId,
    `SELECT action, succeeded, outcome, incident_id, at FROM warroom.alert_request
     WHERE organization_id = $1 AND api_key_id = $2::uuid AND request_id = $3::uuid`,
    [scope.organizationId, apiKeyId, requestId],
  );
  if (row === undefined) return null;
  const { action, succeeded, outcome, incident_id: incidentId, at } = row;
  return { requestId, action, succeeded, outcome, incidentId, at };
}

/** Whether one of these idempotency keys of this principal was answered at or after `since`. @throws Error of the database. */
export async function wasAnswered(
  scope: ReadScope,
  principal: string,
  keys: readonly string[],
  since: Instant,
): Promise<boolean> {
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT 1 AS found FROM warroom.idempotency_request
     WHERE organization_id = $1 AND principal = $2 AND key = ANY($3::text[]) AND at >= $4::timestamptz LIMIT 1`,
    [scope.organizationId, principal, keys, since],
  );
  return rows.length > 0;
}
