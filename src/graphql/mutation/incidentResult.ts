import type { FieldMap } from '@pothos/core';
import type { IncidentRecord } from '../../domain/incident/state.ts';
import type { IncidentEntry } from '../../domain/ledger/ledger.ts';
import { builder } from '../builder.ts';
import { IncidentEvent } from '../event/incidentEvent.ts';
import { Incident } from '../incident/incident.ts';
import type { Types } from './inputShape.ts';
import { type Done, type declareErrors, type incidentErrors, resultType, typeStem } from './result.ts';

/** What a mutation of an incident answers when it was accepted. */
export interface IncidentDone extends Done {
  readonly incident: IncidentRecord;
  readonly entries: readonly IncidentEntry[];
  readonly sequence: number;
}

/** The result union of a mutation whose payload is `{incident, events, sequence}`, and `more`. */
export function incidentResult(
  mutation: string,
  errors: typeof declareErrors | typeof incidentErrors,
  more: (t: PothosSchemaTypes.ObjectFieldBuilder<Types, IncidentDone>) => FieldMap = () => ({}),
) {
  const payload = builder.objectRef<IncidentDone>(`${typeStem(mutation)}Payload`).implement({
    description: `What \`${mutation}\` did.`,
    fields: (t) => ({
      ...more(t),
      incident: t.expose('incident', {
        type: Incident,
        description: 'The incident right after; on a repeat of an idempotency key, as it is now.',
      }),
      events: t.expose('entries', {
        type: [IncidentEvent],
        description:
          'What was written to the ledger, in order; the same again on a repeat of an idempotency key. Empty when everything was already so.',
      }),
      sequence: t.expose('sequence', {
        type: 'SafeInt',
        description: 'Pass it as `after` of a subscription to miss nothing that comes next.',
      }),
    }),
  });
  return resultType(mutation, payload, errors);
}
