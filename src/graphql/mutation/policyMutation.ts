import type { InputFieldMap } from '@pothos/core';
import type {
  AdministrationCommand,
  AdministrationCommandInputs,
} from '../../domain/administration/commands.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { currentPolicy } from '../../store/read/policy.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { AdministrationEvent } from '../ledger/administrationEvent.ts';
import { OrganizationPolicy } from '../policy/policy.ts';
import { handleAdministrationCommand, type OrganizationDone } from './handleAdministrationCommand.ts';
import { idempotencyKeyDescription } from './idempotency.ts';
import type { InputFields, InputOf } from './inputShape.ts';
import { organizationErrors, resultType, typeStem } from './result.ts';

/** The mutations that set a part of the policy: one command each, of the same name. */
export type PolicyMutationName =
  | 'setSlaPolicy'
  | 'setEscalationRules'
  | 'setWorkflowPolicy'
  | 'setAutoResolvePolicy'
  | 'setSessionGatePolicy'
  | 'setRunPolicy'
  | 'setAccessLogPolicy'
  | 'setDetectionRules'
  | 'setMaintenanceWindows';

/** What one mutation adds to what all mutations of the policy share. */
export interface PolicyMutation<N extends PolicyMutationName, F extends InputFieldMap> {
  /** For the person using it. */
  readonly description: string;
  readonly fields: InputFields<F>;
  /** The command's input from the mutation's own fields. */
  readonly command: (input: InputOf<F>) => AdministrationCommandInputs[N];
  /** The field of the input that holds the command's, when it is nested: problems are reported inside it. */
  readonly within?: string;
}

/** The policy a mutation left behind: in its own event, unless it wrote none or only repeats an earlier answer. */
async function policyAfter(done: OrganizationDone, context: GraphQLContext): Promise<Policy> {
  const event = done.entries.at(-1)?.event;
  if (!done.replayed && event?.type === 'ORGANIZATION_POLICY_CHANGED') return event.payload.policy;
  return currentPolicy(context.database, context.principal.organizationId);
}

function policyResult(mutation: string) {
  const payload = builder.objectRef<OrganizationDone>(`${typeStem(mutation)}Payload`).implement({
    description: `What \`${mutation}\` did.`,
    fields: (t) => ({
      policy: t.field({
        type: OrganizationPolicy,
        description: 'The whole policy right after; on a repeat of an idempotency key, as it is now.',
        resolve: (done, _args, context) => policyAfter(done, context),
      }),
      events: t.expose('entries', {
        type: [AdministrationEvent],
        description: 'What was written to the administration ledger; empty when everything was already so.',
      }),
      sequence: t.expose('sequence', {
        type: 'SafeInt',
        description: 'Where the administration ledger stood right after.',
      }),
    }),
  });
  return resultType(mutation, payload, organizationErrors);
}

/** The answer with the path of every problem led through the field the command's input is nested in. */
function problemsWithin(answer: OrganizationDone | Refusal, field: string): OrganizationDone | Refusal {
  if (answer.kind !== 'ValidationError') return answer;
  const nested = (path: readonly string[]) => (path[0] === 'idempotencyKey' ? path : [field, ...path]);
  return { ...answer, fields: answer.fields.map(({ path, message }) => ({ path: nested(path), message })) };
}

/** Adds a mutation that sets a part of the policy: its input, its payload, its result union and its root field. */
export function policyMutation<const N extends PolicyMutationName, F extends InputFieldMap>(
  name: N,
  mutation: PolicyMutation<N, F>,
): void {
  const input = builder.inputType(`${typeStem(name)}Input`, {
    description: `What \`${name}\` needs.`,
    fields: (t) => ({
      ...mutation.fields(t),
      expectedVersion: t.int({
        description:
          'The `version` of the policy you decided on. Refused with ConflictError if it changed since.',
      }),
      idempotencyKey: t.string({ description: idempotencyKeyDescription }),
    }),
  });
  builder.mutationField(name, (t) =>
    t.field({
      type: policyResult(name),
      nullable: true,
      description: mutation.description,
      args: { input: t.arg({ type: input, required: true, description: 'What the policy is to be.' }) },
      resolve: async (_root, args, context) => {
        const { idempotencyKey, ...rest } = (args as unknown as { input: SharedInput }).input;
        const { expectedVersion, ...own } = rest;
        const command = {
          name,
          input: mutation.command(own as InputOf<F>),
        } as unknown as AdministrationCommand;
        const answer = await handleAdministrationCommand(context, command, {
          input: rest,
          key: idempotencyKey,
          expectedVersion: expectedVersion ?? null,
        });
        return mutation.within === undefined ? answer : problemsWithin(answer, mutation.within);
      },
    }),
  );
}

/** The fields every mutation of the policy has, whatever its own are. */
interface SharedInput {
  readonly expectedVersion?: number | null;
  readonly idempotencyKey?: string | null;
}
