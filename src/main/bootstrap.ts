import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import { foundPlatform } from '../app/foundPlatform.ts';
import { makeSecret } from '../app/makeSecret.ts';
import { firstOrganization } from '../domain/administration/firstOrganization.ts';
import { platform } from '../domain/administration/platform.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { foundOrganization } from '../store/foundOrganization.ts';
import { createSuperadmins } from '../store/superadmins.ts';

/** Characters of a chosen key that are shown to tell it apart; a made one shows more, because less of it is secret. */
const chosenPrefixLength = 8;

/**
 * Founds organization `default` with one administrator and one API key on an empty database; null when there is an
 * organization already besides the platform's, or another instance was first. The key is answered once and kept nowhere.
 */
export async function bootstrap(
  database: Database,
  clock: Clock,
  chosenKey: string | null,
): Promise<{ readonly key: string; readonly administratorId: string } | null> {
  if (!(await isEmpty(database))) return null;
  const made = chosenKey === null ? makeSecret() : describeChosen(chosenKey);
  const administrator = { userId: v7(), name: 'Administrator', email: 'administrator@localhost' };
  const founded = await foundOrganization(database, {
    organizationId: v7(),
    ...firstOrganization,
    at: clock.now(),
    commandId: v7(),
    administrator,
    key: { apiKeyId: v7(), name: 'First key', prefix: made.prefix, hash: made.hash },
  });
  if (!founded) return null;
  // Somebody must be able to found a second organization; that is in the platform's ledger.
  await foundPlatform(database, clock);
  await createSuperadmins(database, () => clock.now()).grant(administrator.email);
  return { key: made.secret, administratorId: founded.administratorId ?? administrator.userId };
}

/** Whether there is no organization yet besides the platform's. */
export async function isEmpty(database: Database): Promise<boolean> {
  const organizations = await database.asPlatform(
    'select 1 from warroom.organization where organization_id <> $1 limit 1',
    [platform.organizationId],
  );
  return organizations.length === 0;
}

function describeChosen(secret: string): ReturnType<typeof makeSecret> {
  const hash = createHash('sha256').update(secret).digest('hex');
  return { secret, prefix: secret.slice(0, chosenPrefixLength), hash };
}
