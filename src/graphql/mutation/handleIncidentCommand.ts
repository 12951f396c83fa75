import { setImmediate as breathe } from 'node:timers/promises';
import type { IncidentCommand } from '../../domain/incident/commands.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { GraphQLContext } from '../context.ts';
import { incidentEntry } from './entries.ts';
import { idempotentRequest } from './idempotency.ts';
import type { IncidentDone } from './incidentResult.ts';

/** Sends a command through the one door and shapes what came back. */
export async function handleIncidentCommand(
  context: GraphQLContext,
  command: IncidentCommand,
  target: { readonly by: 'new' } | { readonly by: 'id'; readonly incidentId: string },
  options: {
    readonly input: object;
    readonly key: string | null | undefined;
    readonly expectedVersion?: number | null;
  },
): Promise<IncidentDone | Refusal> {
  const { principal } = context;
  const request = idempotentRequest(principal, command.name, options.key, options.input);
  if (request !== null && 'kind' in request) return request;
  const answer = await context.handle({
    organizationId: principal.organizationId,
    actor: principal.actor,
    scopes: principal.scopes,
    target,
    command,
    expectedVersion: options.expectedVersion ?? null,
    request,
  });
  if (answer.kind === 'refused') return answer.refusal;
  // Whoever watches the incident is served before its writer's answer is worked out.
  await breathe();
  context.loaders.clear();
  if (answer.incident === null) throw new Error(`${command.name} was accepted and answered no incident.`);
  const entries = answer.entries.map(incidentEntry);
  return { kind: 'done', incident: answer.incident, entries, sequence: answer.sequence };
}
