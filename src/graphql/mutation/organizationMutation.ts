import type { FieldMap, InputFieldMap } from '@pothos/core';
import type {
  AdministrationCommand,
  AdministrationCommandInputs,
  AdministrationCommandName,
} from '../../domain/administration/commands.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { AdministrationEvent } from '../ledger/administrationEvent.ts';
import { handleAdministrationCommand, type OrganizationDone } from './handleAdministrationCommand.ts';
import { idempotencyKeyDescription } from './idempotency.ts';
import type { InputFields, InputOf, Types } from './inputShape.ts';
import { organizationErrors, resultType, typeStem } from './result.ts';

/** A mutation of the organization that was accepted, with the command it was. */
export interface OrganizationOutcome<N extends AdministrationCommandName> extends OrganizationDone {
  readonly command: AdministrationCommandInputs[N];
  /** What is shown this once and kept nowhere; null on a replay, and when there is nothing of the kind. */
  readonly secret: string | null;
  /** What doing something about it came to; null on a replay, and when there is nothing to be done. */
  readonly afterwards: string | null;
}

/** A command with what its answer shows once. */
export interface PreparedCommand<N extends AdministrationCommandName> {
  readonly command: AdministrationCommandInputs[N];
  readonly secret?: string;
}

/** What one mutation adds to what all mutations of the organization share. */
export interface OrganizationMutation<N extends AdministrationCommandName, F extends InputFieldMap> {
  /** For the person using it. */
  readonly description: string;
  readonly fields: InputFields<F>;
  /** The command from the mutation's own fields. */
  readonly prepare: (input: InputOf<F>) => PreparedCommand<N>;
  /** What is to be done once it is committed, and only then: never on a replay. Its failure must be an answer. */
  readonly afterwards?: (
    outcome: Omit<OrganizationOutcome<N>, 'afterwards'>,
    context: GraphQLContext,
  ) => Promise<string>;
  /** What the payload has beside `events` and `sequence`. */
  readonly payload: (t: PothosSchemaTypes.ObjectFieldBuilder<Types, OrganizationOutcome<N>>) => FieldMap;
}

/** Adds a mutation of the organization: its input, its payload, its result union and its root field. */
export function organizationMutation<const N extends AdministrationCommandName, F extends InputFieldMap>(
  name: N,
  mutation: OrganizationMutation<N, F>,
): void {
  const input = builder.inputType(`${typeStem(name)}Input`, {
    description: `What \`${name}\` needs.`,
    fields: (t) => ({
      ...mutation.fields(t),
      idempotencyKey: t.string({ description: idempotencyKeyDescription }),
    }),
  });
  const payload = builder.objectRef<OrganizationOutcome<N>>(`${typeStem(name)}Payload`).implement({
    description: `What \`${name}\` did.`,
    fields: (t) => ({
      ...mutation.payload(t),
      events: t.field({
        type: [AdministrationEvent],
        description: 'What was written to the administration ledger; empty when everything was already so.',
        resolve: ({ entries }) => entries,
      }),
      sequence: t.field({
        type: 'SafeInt',
        description: 'Where the administration ledger stood right after.',
        resolve: ({ sequence }) => sequence,
      }),
    }),
  });
  builder.mutationField(name, (t) =>
    t.field({
      type: resultType(name, payload, organizationErrors),
      nullable: true,
      description: mutation.description,
      args: { input: t.arg({ type: input, required: true, description: 'What is to be done.' }) },
      resolve: async (_root, args, context) => {
        const { idempotencyKey, ...own } = (args as unknown as { input: SharedInput }).input;
        const { command, secret = null } = mutation.prepare(own as InputOf<F>);
        const done = await handleAdministrationCommand(
          context,
          { name, input: command } as unknown as AdministrationCommand,
          { input: own, key: idempotencyKey },
        );
        if (done.kind !== 'done') return done;
        if (done.replayed) return { ...done, command, secret: null, afterwards: null };
        const outcome = { ...done, command, secret };
        return { ...outcome, afterwards: (await mutation.afterwards?.(outcome, context)) ?? null };
      },
    }),
  );
}

/** The field every mutation of the organization has, whatever its own are. */
interface SharedInput {
  readonly idempotencyKey?: string | null;
}
