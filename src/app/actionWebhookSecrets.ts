import { randomBytes } from 'node:crypto';
import type { Instant } from '../domain/instant.ts';
import type { Database } from '../store/database.ts';
import { sealedActionWebhookSecrets } from '../store/read/actionWebhookSecrets.ts';
import type { Sealing } from './sealing.ts';

/** Whose a webhook's secret is, as it is sealed for. */
function ownerOf(organizationId: string, source: string): string {
  return `action webhook secret ${organizationId} ${source}`;
}

/** A new secret of an action webhook, to be shown once, and what to store of it. Source: Standard Webhooks. */
export function makeActionWebhookSecret(
  sealing: Sealing,
  organizationId: string,
  source: string,
): { readonly secret: string; readonly sealed: string } {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  return { secret, sealed: sealing.seal(secret, ownerOf(organizationId, source)) };
}

/**
 * What requests to a source's webhook are signed with at this instant, the current secret first; none when it has no
 * webhook. Read anew for every request, so that another secret counts at once.
 * @throws UnsealableError when this process cannot read it.
 */
export async function actionWebhookSecretsOf(
  { database, sealing }: { readonly database: Database; readonly sealing: Sealing },
  { organizationId, source }: { readonly organizationId: string; readonly source: string },
  now: Instant,
): Promise<readonly string[]> {
  const sealed = await sealedActionWebhookSecrets(database, { organizationId, source }, now);
  return sealed.map((one) => sealing.open(one, ownerOf(organizationId, source)));
}
