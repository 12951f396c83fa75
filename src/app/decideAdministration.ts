import type { AdministrationCommand } from '../domain/administration/commands.ts';
import { decideAdministration as decide } from '../domain/administration/decide.ts';
import type { AdministrationEvent } from '../domain/administration/events.ts';
import { refuseConflict } from '../domain/refuse.ts';
import { apiKeyRow } from '../store/apiKeyRow.ts';
import type { TableRows } from '../store/port.ts';
import type { Deciding } from './decideBatch.ts';
import type { Job } from './job.ts';
import type { AdministrationRequest } from './loadRequest.ts';
import type { Verdict } from './verdict.ts';

/** Decides one command of administration; it is always alone in its batch, because a policy holds for a whole one. */
export function decideAdministration(
  job: Job,
  request: AdministrationRequest,
  { batch, now }: Deciding,
): Verdict {
  const { version } = batch.policy;
  if (request.expectedVersion != null && request.expectedVersion !== version) {
    const message = `The policy is at version ${version}, not ${request.expectedVersion}.`;
    return { kind: 'refused', refusal: refuseConflict(message, version).refusal };
  }
  const decision = decide(request.command, {
    commandId: job.commandId,
    actor: request.actor,
    at: now,
    policy: batch.policy,
    facts: { apiKey: (apiKeyId) => batch.apiKey(apiKeyId) },
  });
  if (!decision.ok) return { kind: 'refused', refusal: decision.refusal };
  if (decision.events.length === 0 && !request.request) return { kind: 'same', state: null };
  return {
    kind: 'draft',
    draft: {
      ledger: 'ADMINISTRATION',
      base: decision.policy === batch.policy ? null : version,
      events: decision.events,
      extra: keyRows(request.command, decision.events),
    },
  };
}

/** The rows of keys just created: their hash is in the command only. */
function keyRows(command: AdministrationCommand, events: readonly AdministrationEvent[]): TableRows {
  if (command.name !== 'createApiKey') return {};
  const rows = events.flatMap((event) =>
    event.type === 'API_KEY_CREATED' ? [apiKeyRow(event, command.input.made.hash)] : [],
  );
  return rows.length === 0 ? {} : { api_key: rows };
}
