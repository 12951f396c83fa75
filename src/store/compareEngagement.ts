import { decodeBody } from '../domain/ledger/body.ts';
import { compareRows, type Difference } from './compareRows.ts';
import type { Database } from './database.ts';
import { engagementRows } from './engagementRows.ts';

const pageSize = 2_000;

interface Engagement {
  readonly acknowledgement_count: number;
  readonly last_acknowledged_incident_id: unknown;
  readonly last_acknowledged_at: unknown;
}

/** What each person has acknowledged, made again from the acknowledgements in the order of the ledger. */
export async function compareEngagement(database: Database, organizationId: string): Promise<Difference[]> {
  const drills = new Set<string>();
  const expected = new Map<string, Engagement & Record<string, unknown>>();
  for (let after = 0; ; ) {
    const rows = await database.asOrganization<{ sequence: string; body: string }>(
      organizationId,
      `SELECT sequence, body FROM warroom.ledger_event
       WHERE organization_id = $1 AND ledger = 0 AND sequence > $2
         AND type IN ('INCIDENT_CREATED', 'INCIDENT_ACKNOWLEDGED')
       ORDER BY sequence LIMIT ${pageSize}`,
      [organizationId, after],
    );
    for (const { sequence, body } of rows) {
      after = Number(sequence);
      const event = decodeBody(body);
      if (event.type === 'INCIDENT_CREATED' && event.payload.mode === 'DRILL') drills.add(event.incident);
      const mode = drills.has(event.incident) ? 'DRILL' : 'STANDARD';
      for (const row of engagementRows(event, mode).engagement ?? []) {
        const userId = String(row.user_id);
        expected.set(userId, {
          acknowledgement_count: (expected.get(userId)?.acknowledgement_count ?? 0) + 1,
          last_acknowledged_incident_id: row.incident_id,
          last_acknowledged_at: row.at,
        });
      }
    }
    if (rows.length < pageSize) break;
  }
  const stored = await database.asOrganization(
    organizationId,
    'SELECT * FROM warroom.engagement WHERE organization_id = $1',
    [organizationId],
  );
  return compareRows('engagement', expected, new Map(stored.map((row) => [String(row.user_id), row])));
}
