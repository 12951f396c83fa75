import type { IncidentRecord } from '../../domain/incident/state.ts';
import { incidentColumns, incidentRecords, type ListedIncident } from './incidentRecord.ts';
import { inOrder, type ReadScope } from './scope.ts';

/** Incidents by id as they are now, in the order asked for; null for those that are not this organization's. */
export async function incidents(
  scope: ReadScope,
  ids: readonly string[],
): Promise<(ListedIncident | null)[]> {
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${incidentColumns} FROM warroom.incident i WHERE i.organization_id = $1 AND i.id = ANY($2::uuid[])`,
    [scope.organizationId, [...new Set(ids)]],
  );
  const records = await incidentRecords(scope, rows);
  return inOrder(ids, new Map(records.map((record) => [record.state.id, record])));
}

/** The incident with this INC number as it is now, or null. */
export async function incidentByNumber(scope: ReadScope, number: number): Promise<ListedIncident | null> {
  const rows = await scope.database.asOrganization(
    scope.organizationId,
    `SELECT ${incidentColumns} FROM warroom.incident_list l
     JOIN warroom.incident i ON i.organization_id = l.organization_id AND i.id = l.incident_id
     WHERE l.organization_id = $1 AND l.number = $2`,
    [scope.organizationId, number],
  );
  return (await incidentRecords(scope, rows))[0] ?? null;
}

/** Description and notes of incidents, in the order asked for. */
export async function incidentTexts(
  scope: ReadScope,
  ids: readonly string[],
): Promise<({ readonly description: string; readonly notes: string } | null)[]> {
  const rows = await scope.database.asOrganization<{
    incident_id: string;
    description: string;
    notes: string;
  }>(
    scope.organizationId,
    `SELECT incident_id, description, notes FROM warroom.incident_text
     WHERE organization_id = $1 AND incident_id = ANY($2::uuid[])`,
    [scope.organizationId, [...new Set(ids)]],
  );
  return inOrder(ids, new Map(rows.map((row) => [row.incident_id, row])));
}

/** Whether `record` was read without its long texts. */
export function isTextLeftOut(record: IncidentRecord): record is ListedIncident {
  return 'textLeftOut' in record;
}
