import { v7 } from 'uuid';
import { platform } from '../domain/administration/platform.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { foundOrganization } from '../store/foundOrganization.ts';

/**
 * Founds the reserved organization that platform-wide incidents live in, unless it is there: at every start and
 * migration, so that an installation of an older version gets it, too. Of several that start together one founds it.
 */
export async function foundPlatform(
  database: Pick<Database, 'asPlatform'>,
  clock: Pick<Clock, 'now'>,
): Promise<void> {
  const { organizationId, slug, name } = platform;
  const found = await database.asPlatform('select 1 from warroom.organization where organization_id = $1', [
    organizationId,
  ]);
  if (found.length > 0) return;
  await foundOrganization(database, {
    organizationId,
    slug,
    name,
    at: clock.now(),
    commandId: v7(),
    administrator: null,
    key: null,
  });
}
