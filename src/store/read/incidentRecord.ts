import { type IncidentRecord, type IncidentState, stateShape } from '../../domain/incident/state.ts';
import type { Row } from '../database.ts';
import { refold } from '../refold.ts';
import type { ReadScope } from './scope.ts';

/**
 * An incident as lists read it: `state.description` and `state.notes` are empty, because they are long, rarely asked
 * for and kept in a row of their own (see incidentTexts).
 */
export interface ListedIncident extends IncidentRecord {
  readonly textLeftOut: true;
}

/** The stored state is of a newer program than this one: it must not be guessed at. */
class OutdatedStateError extends Error {
  readonly code = 'SERVER_OUTDATED';
  constructor() {
    super('This server is older than an incident it was asked to show. Upgrade it, or ask a newer instance.');
  }
}

/** The columns {@link incidentRecordOf} needs, of `incident` as `i`. */
export const incidentColumns = 'i.id, i.number, i.sequence, i.policy_version, i.shape, i.state';

/**
 * Rows with {@link incidentColumns} as incidents, in the same order. States of an older shape than this program's are
 * folded from their events first. @throws OutdatedStateError when one is of a newer shape.
 */
export async function incidentRecords(scope: ReadScope, rows: readonly Row[]): Promise<ListedIncident[]> {
  if (rows.some((row) => Number(row.shape) > stateShape)) throw new OutdatedStateError();
  const older = rows.filter((row) => Number(row.shape) < stateShape).map((row) => row.id as string);
  const refolded = older.length === 0 ? null : await refold(scope.database, scope.organizationId, older);
  return rows.map((row) => recordOf(row, refolded?.get(row.id as string)));
}

function recordOf(row: Row, refolded: IncidentState | undefined): ListedIncident {
  const state = refolded ?? (JSON.parse(row.state as string) as Omit<IncidentState, 'description' | 'notes'>);
  return {
    state: { ...state, description: '', notes: '' },
    number: Number(row.number),
    sequence: Number(row.sequence),
    policyVersion: Number(row.policy_version),
    textLeftOut: true,
  };
}
