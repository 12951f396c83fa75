import { incidentColumns, incidentRecords, type ListedIncident } from './incidentRecord.ts';
import { inOrder, type ReadScope } from './scope.ts';

/** The incidents that hold these dedup keys, or held them last, in the order asked for, in one statement. */
export async function incidentsByDedupKeys(
  scope: ReadScope,
  keys: readonly string[],
): Promise<(ListedIncident | null)[]> {
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT k.key, ${incidentColumns} FROM unnest($2::text[]) AS k (key)
     CROSS JOIN LATERAL (
       SELECT d.incident_id FROM warroom.dedup_key d WHERE d.organization_id = $1 AND d.key = k.key OFFSET 0
     ) d
     CROSS JOIN LATERAL (
       SELECT v.* FROM warroom.incident v WHERE v.organization_id = $1 AND v.id = d.incident_id OFFSET 0
     ) i`,
    [scope.organizationId, [...new Set(keys)]],
  );
  const records = await incidentRecords(scope, rows);
  return inOrder(keys, new Map(records.map((record, index) => [rows[index]?.key as string, record])));
}
