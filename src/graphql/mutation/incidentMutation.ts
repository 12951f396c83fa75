import type { InputFieldMap } from '@pothos/core';
import type { IncidentCommand, IncidentCommandInputs } from '../../domain/incident/commands.ts';
import { builder } from '../builder.ts';
import { idOf } from '../globalId.ts';
import { handleIncidentCommand } from './handleIncidentCommand.ts';
import { idempotencyKeyDescription } from './idempotency.ts';
import { incidentResult } from './incidentResult.ts';
import type { InputFields, InputOf } from './inputShape.ts';
import { incidentErrors, typeStem } from './result.ts';

/** The mutations of an incident that exists already: one command each, of the same name. */
export type IncidentMutationName = Exclude<
  keyof IncidentCommandInputs,
  | 'declareIncident'
  | 'receiveSignals'
  | 'reportErrors'
  | 'reportRuns'
  | 'syncIncidents'
  | 'runBulkAction'
  | 'finishBulkAction'
  | 'fireDeadlines'
  | 'replanIncident'
>;

/** An id nothing has: what a malformed id, or one of another type, reads as, so that it is simply not found. */
export const absentId = '00000000-0000-0000-0000-000000000000';

/** What one mutation adds to what all mutations of an incident share. */
export interface IncidentMutation<N extends IncidentMutationName, F extends InputFieldMap> {
  /** For the person using it. */
  readonly description: string;
  readonly fields: InputFields<F>;
  /** The command's input from the mutation's own fields. */
  readonly command: (input: InputOf<F>) => IncidentCommandInputs[N];
}

/**
 * Adds a mutation on an existing incident: its input (incidentId, expectedVersion, idempotencyKey and its own fields),
 * its payload, its result union and its root field. The field is nullable so that one mutation that fails unexpectedly
 * takes nothing from the others of the same request.
 */
export function incidentMutation<const N extends IncidentMutationName, F extends InputFieldMap>(
  name: N,
  mutation: IncidentMutation<N, F>,
): void {
  const input = builder.inputType(`${typeStem(name)}Input`, {
    description: `What \`${name}\` needs.`,
    fields: (t) => ({
      incidentId: t.id({ required: true, description: 'The incident: its `id`.' }),
      ...mutation.fields(t),
      expectedVersion: t.int({
        description:
          'The `version` you decided on. Refused with ConflictError if the incident changed since in a way that matters; without it, it is applied to whatever is now.',
      }),
      idempotencyKey: t.string({ description: idempotencyKeyDescription }),
    }),
  });
  builder.mutationField(name, (t) =>
    t.field({
      type: incidentResult(name, incidentErrors),
      nullable: true,
      description: mutation.description,
      args: {
        input: t.arg({ type: input, required: true, description: 'What to do, and to which incident.' }),
      },
      resolve: async (_root, args, context) => {
        const { idempotencyKey, ...rest } = (args as unknown as { input: SharedInput }).input;
        const { incidentId, expectedVersion, ...own } = rest;
        const command = { name, input: mutation.command(own as InputOf<F>) } as unknown as IncidentCommand;
        const target = { by: 'id', incidentId: idOf('Incident', incidentId) ?? absentId } as const;
        const answer = await handleIncidentCommand(context, command, target, {
          input: rest,
          key: idempotencyKey,
          expectedVersion: expectedVersion ?? null,
        });
        return answer.kind === 'NotFoundError' && looksLikeReference.test(incidentId)
          ? { ...answer, message: notTheReference }
          : answer;
      },
    }),
  );
}

/** "INC-001", which people know an incident by. */
const looksLikeReference = /^[a-z]+-\d+$/i;
const notTheReference =
  'An incident is named by its `id` here, not by its reference: `incident(reference: "INC-001") { id }` tells it.';

/** The fields every mutation of an incident has, whatever its own are. */
interface SharedInput {
  readonly incidentId: string;
  readonly expectedVersion?: number | null;
  readonly idempotencyKey?: string | null;
}
