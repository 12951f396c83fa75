import type { FieldMap, InputFieldMap } from '@pothos/core';
import type { Guess } from '../../app/guessing.ts';
import { authorize } from '../../domain/access/permissions.ts';
import type {
  AdministrationCommand,
  AdministrationCommandInputs,
  AdministrationCommandName,
} from '../../domain/administration/commands.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import type { RefusalOf } from '../error/refusalTypes.ts';
import { AdministrationEvent } from '../ledger/administrationEvent.ts';
import { handleAdministrationCommand, type OrganizationDone } from './handleAdministrationCommand.ts';
import { idempotencyKeyDescription } from './idempotency.ts';
import type { InputFields, InputOf, Types } from './inputShape.ts';
import { limitedErrors, organizationErrors, resultType, typeStem } from './result.ts';

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
  /** What only `afterwards` is told. */
  readonly toSend?: string;
}

/** What one mutation adds to what all mutations of the organization share. */
export interface OrganizationMutation<N extends AdministrationCommandName, F extends InputFieldMap> {
  /** For the person using it. */
  readonly description: string;
  readonly fields: InputFields<F>;
  /** The command from the mutation's own fields. */
  readonly prepare: (
    input: InputOf<F>,
    context: GraphQLContext,
  ) => PreparedCommand<N> | Promise<PreparedCommand<N>>;
  /**
   * Counts it against how often it may be done; what is refused, or repeats an earlier answer, counts for nothing. The
   * answer may then be a RateLimitedError.
   */
  readonly limit?: (command: AdministrationCommandInputs[N], context: GraphQLContext) => Guess;
  /** What is to be done once it is committed, and only then: never on a replay. Its failure must be an answer. */
  readonly afterwards?: (
    outcome: Pick<PreparedCommand<N>, 'command' | 'toSend'>,
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
      type: resultType(name, payload, mutation.limit ? limitedErrors : organizationErrors),
      nullable: true,
      description: mutation.description,
      args: { input: t.arg({ type: input, required: true, description: 'What is to be done.' }) },
      resolve: async (_root, args, context) => {
        const { idempotencyKey, ...own } = (args as unknown as { input: SharedInput }).input;
        const { command, secret = null, toSend } = await mutation.prepare(own as InputOf<F>, context);
        const guess = mutation.limit && mayDo(name, context) ? mutation.limit(command, context) : null;
        if (guess !== null && guess.waitSeconds > 0) return rateLimited(guess.waitSeconds);
        const done = await handleAdministrationCommand(
          context,
          { name, input: command } as unknown as AdministrationCommand,
          { input: own, key: idempotencyKey },
        );
        if (done.kind !== 'done' || done.replayed) uncount(guess);
        if (done.kind !== 'done') return done;
        if (done.replayed) return { ...done, command, secret: null, afterwards: null };
        const afterwards = await mutation.afterwards?.({ command, ...(toSend && { toSend }) }, context);
        return { ...done, command, secret, afterwards: afterwards ?? null };
      },
    }),
  );
}

/** Whoever may not do it is told so, and counts for nobody. */
function mayDo(name: AdministrationCommandName, { principal }: GraphQLContext): boolean {
  return authorize(name, { ...principal.actor, scopes: principal.scopes }) === null;
}

function uncount(guess: Guess | null): void {
  if (guess !== null && 'right' in guess) guess.right();
}

function rateLimited(retryAfterSeconds: number): RefusalOf<'RateLimitedError'> {
  const minutes = Math.ceil(retryAfterSeconds / 60);
  const message = `This was done too often lately. Nothing was done now; try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
  return { kind: 'RateLimitedError', code: 'RATE_LIMITED', message, retryAfterSeconds };
}

/** The field every mutation of the organization has, whatever its own are. */
interface SharedInput {
  readonly idempotencyKey?: string | null;
}
