import type { AdministrationCommand } from '../../domain/administration/commands.ts';
import type { AdministrationEntry } from '../../domain/ledger/ledger.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { GraphQLContext } from '../context.ts';
import { administrationEntry } from './entries.ts';
import { idempotentRequest } from './idempotency.ts';

/** What a mutation of the organization answers when it was accepted. */
export interface OrganizationDone {
  readonly kind: 'done';
  readonly entries: readonly AdministrationEntry[];
  readonly sequence: number;
  readonly replayed: boolean;
}

/** Sends a command of administration through the one door and shapes what came back. */
export async function handleAdministrationCommand(
  context: GraphQLContext,
  command: AdministrationCommand,
  options: {
    readonly input: object;
    readonly key: string | null | undefined;
    readonly expectedVersion?: number | null;
  },
): Promise<OrganizationDone | Refusal> {
  const { principal } = context;
  const request = idempotentRequest(principal, command.name, options.key, options.input);
  if (request !== null && 'kind' in request) return request;
  const answer = await context.handle({
    organizationId: principal.organizationId,
    actor: principal.actor,
    scopes: principal.scopes,
    superadmin: principal.platformRole === 'SUPERADMIN',
    target: { by: 'administration' },
    command,
    expectedVersion: options.expectedVersion ?? null,
    request,
  });
  if (answer.kind === 'refused') return answer.refusal;
  context.loaders.clear();
  const entries = answer.entries.map(administrationEntry);
  return { kind: 'done', entries, sequence: answer.sequence, replayed: answer.replayed };
}
