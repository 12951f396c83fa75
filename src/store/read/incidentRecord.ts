import { type IncidentRecord, type IncidentState, stateShape } from '../../domain/incident/state.ts';
import type { Row } from '../database.ts';

/**
 * An incident as lists read it: `state.description` and `state.notes` are empty, because they are long, rarely asked
 * for and kept in a row of their own (see incidentTexts).
 */
export interface ListedIncident extends IncidentRecord {
  readonly textLeftOut: true;
}

/** The stored state is of a newer program than this one: it must not be guessed at. */
export class OutdatedStateError extends Error {
  readonly code = 'SERVER_OUTDATED';
  constructor() {
    super('This server is older than an incident it was asked to show. Upgrade it, or ask a newer instance.');
  }
}

/** The columns {@link incidentRecordOf} needs, of `incident` as `i`. */
export const incidentColumns = 'i.id, i.number, i.sequence, i.policy_version, i.shape, i.state';

/** A row with {@link incidentColumns} as an incident. @throws OutdatedStateError when its shape is newer than ours. */
export function incidentRecordOf(row: Row): ListedIncident {
  if (Number(row.shape) > stateShape) throw new OutdatedStateError();
  const stored = JSON.parse(row.state as string) as Omit<IncidentState, 'description' | 'notes'>;
  return {
    state: { ...stored, description: '', notes: '' },
    number: Number(row.number),
    sequence: Number(row.sequence),
    policyVersion: Number(row.policy_version),
    textLeftOut: true,
  };
}
