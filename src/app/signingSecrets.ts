import type { Principal } from '../domain/access/principal.ts';
import type { Database } from '../store/database.ts';
import { sealedSigningSecret } from '../store/read/signingSecret.ts';
import type { Sealing } from './sealing.ts';

/** Whose a signing secret is, as it is sealed for. */
export function signingSecretOwner(organizationId: string, apiKeyId: string): string {
  return `signing secret ${organizationId} ${apiKeyId}`;
}

/**
 * The secret that the sender behind a key signs with; null when it has none. Read anew for every delivery, so that one
 * that is replaced counts at once.
 * @throws UnsealableError when this process cannot read it.
 */
export async function signingSecretOf(
  database: Database,
  sealing: Sealing,
  { organizationId, credentialId }: Principal,
): Promise<string | null> {
  const sealed = await sealedSigningSecret(database, organizationId, credentialId);
  return sealed === null ? null : sealing.open(sealed, signingSecretOwner(organizationId, credentialId));
}
