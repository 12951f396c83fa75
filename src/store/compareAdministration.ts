import type { AdministrationEvent } from '../domain/administration/events.ts';
import type { Instant } from '../domain/instant.ts';
import { decodeBody } from '../domain/ledger/body.ts';
import { completePolicy } from '../domain/policy/completePolicy.ts';
import { defaultPolicy } from '../domain/policy/defaults.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { apiKeyRow } from './apiKeyRow.ts';
import { compareRows, type Difference } from './compareRows.ts';
import type { Database } from './database.ts';
import { ExpectedRows, type ProjectedTable, rowKey } from './expectedRows.ts';
import { invitationRow } from './invitationRow.ts';
import type { TableRows } from './port.ts';
import { rowsOf } from './projection.ts';

const pageSize = 1_000;

/** What comparing an organization's administration came to. */
export interface AdministrationComparison {
  readonly differences: readonly Difference[];
  /** The policies by version, completed as every reader does. */
  readonly policies: ReadonlyMap<number, Policy>;
  /** Incidents that block sessions, and since when, as the ledger leaves them. */
  readonly gates: ReadonlyMap<string, Instant>;
}

/** Tables that the administration ledger alone makes, and which of their columns are read. */
const compared = [
  'organization',
  'membership',
  'former_member',
  'invitation',
  'api_key',
  'published_event',
] as const;

/** The organization itself, its members, invitations, API keys, policies and what was published made again from the administration ledger, compared with what is stored. */
export async function compareAdministration(
  database: Database,
  organizationId: string,
): Promise<AdministrationComparison> {
  const expected = new ExpectedRows();
  const gates = new Map<string, Instant>();
  for (let after = 0; ; ) {
    const rows = await database.asOrganization<{ sequence: string; body: string }>(
      organizationId,
      `SELECT sequence, body FROM warroom.ledger_event
       WHERE organization_id = $1 AND ledger = 1 AND sequence > $2 ORDER BY sequence LIMIT ${pageSize}`,
      [organizationId, after],
    );
    for (const { sequence, body } of rows) {
      after = Number(sequence);
      const event = decodeBody<'ADMINISTRATION'>(body);
      note(expected, organizationId, event, after);
      noteGate(gates, event);
    }
    if (rows.length < pageSize) break;
  }
  const stored = async (table: ProjectedTable) => {
    const rows = await database.asOrganization(
      organizationId,
      `SELECT * FROM warroom.${table} WHERE organization_id = $1`,
      [organizationId],
    );
    return new Map(rows.map((row) => [rowKey(table, row), row]));
  };
  const policies = await stored('policy');
  // Version 1 is what an organization is founded with; no event says it.
  const first = policies.get(String(defaultPolicy.version));
  if (first !== undefined)
    expected.table('policy').set(String(defaultPolicy.version), { policy: first.policy });
  const differences: Difference[] = [];
  for (const table of compared) {
    differences.push(...compareRows(table, expected.table(table), await stored(table)));
  }
  differences.push(...compareRows('policy', expected.table('policy'), policies));
  return {
    differences,
    gates,
    policies: new Map(
      [...policies.values()].map((row) => [
        Number(row.version),
        completePolicy(JSON.parse(String(row.policy)) as Partial<Policy>),
      ]),
    ),
  };
}

function noteGate(gates: Map<string, Instant>, { type, at, payload }: AdministrationEvent): void {
  if (type === 'SESSION_GATE_BLOCKED') gates.set(payload.incidentId, at);
  if (type === 'SESSION_GATE_RELEASED') gates.delete(payload.incidentId);
}

function note(
  expected: ExpectedRows,
  organizationId: string,
  event: AdministrationEvent,
  sequence: number,
): void {
  const { rows, deletes } = rowsOf(event);
  const policy = rows.policy?.map((row) => ({ ...row, sequence }));
  expected.apply({ rows: { ...rows, ...(policy && { policy }) }, deletes });
  expected.apply({ rows: rowsBesides(event, organizationId), deletes: {} });
}

/** Rows that are not written from the event alone: what it does not say is left out, and so not compared. */
function rowsBesides(event: AdministrationEvent, organizationId: string): TableRows {
  switch (event.type) {
    case 'ORGANIZATION_CREATED':
      return { organization: [{ ...event.payload, organization_id: organizationId, created_at: event.at }] };
    case 'API_KEY_CREATED': {
      const { hash: _hash, ...row } = apiKeyRow(event, '');
      return { api_key: [{ ...row, revoked_at: null, previous_ends_at: null, ingest: null }] };
    }
    case 'MEMBER_INVITED': {
      const {
        email: _email,
        token_hash: _hash,
        mail_token_hash: _mailed,
        ...row
      } = invitationRow(event, { email: '', tokenHash: '', mailTokenHash: '' });
      return { invitation: [{ ...row, accepted_at: null, accepted_by: null, revoked_at: null }] };
    }
    default:
      return {};
  }
}
