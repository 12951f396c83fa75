import { nameKey } from '../../domain/incident/naming.ts';
import type { ReadScope } from './scope.ts';

/** The ids of services by what their names compare as; an alias leads to what it was merged into. */
export async function serviceIds(
  { database, organizationId }: ReadScope,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const keys = [...new Set(names.map(nameKey))].filter((key) => key !== '');
  if (keys.length === 0) return new Map();
  const rows = await database.asOrganization<{ key: string; id: string }>(
    organizationId,
    `SELECT s.name_key AS key, coalesce(s.merged_into, s.id) AS id FROM warroom.service s
     WHERE s.organization_id = $1 AND s.name_key = ANY($2::text[])`,
    [organizationId, keys],
  );
  return new Map(rows.map(({ key, id }) => [key, id]));
}
