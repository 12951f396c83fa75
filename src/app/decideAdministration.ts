import type { AdministrationCommand } from '../domain/administration/commands.ts';
import { decideAdministration as decide } from '../domain/administration/decide.ts';
import type { AdministrationEvent } from '../domain/administration/events.ts';
import { addressKey } from '../domain/administration/inviteMember.ts';
import { webhookOf } from '../domain/bulkAction/actionWebhook.ts';
import { refuseConflict } from '../domain/refuse.ts';
import { apiKeyRow } from '../store/apiKeyRow.ts';
import { invitationRow } from '../store/invitationRow.ts';
import type { TableRows } from '../store/port.ts';
import type { Deciding } from './decideBatch.ts';
import type { Job } from './job.ts';
import type { AdministrationRequest } from './loadRequest.ts';
import { scopesOf } from './scopesOf.ts';
import type { Verdict } from './verdict.ts';

/** Decides one command of administration; it is always alone in its batch, because a policy holds for a whole one. */
export function decideAdministration(
  job: Job,
  request: AdministrationRequest,
  { batch, now }: Deciding,
): Verdict {
  const { version } = batch.policy;
  const { sequence, facts } = batch.administration;
  if (request.expectedVersion != null && request.expectedVersion !== version) {
    const message = `The policy is at version ${version}, not ${request.expectedVersion}.`;
    return { kind: 'refused', refusal: refuseConflict(message, version).refusal };
  }
  const decision = decide(request.command, {
    organizationId: request.organizationId,
    commandId: job.commandId,
    actor: request.actor,
    scopes: scopesOf(request),
    at: now,
    policy: batch.policy,
    facts,
  });
  if (!decision.ok) return { kind: 'refused', refusal: decision.refusal };
  if (decision.events.length === 0 && !request.request) return { kind: 'same', state: null };
  return {
    kind: 'draft',
    draft: {
      ledger: 'ADMINISTRATION',
      base: decision.policy === batch.policy ? null : version,
      sequence,
      events: decision.events,
      extra: rowsBesides(request.command, decision.events),
    },
  };
}

/** The rows that hold what only the command knows: hashes of secrets, addresses. */
function rowsBesides(command: AdministrationCommand, events: readonly AdministrationEvent[]): TableRows {
  for (const event of events) {
    if (event.type === 'API_KEY_CREATED' && command.name === 'createApiKey') {
      return { api_key: [apiKeyRow(event, command.input.made.hash)] };
    }
    if (event.type === 'API_KEY_ROTATED' && command.name === 'rotateApiKey') {
      return { api_key_secret: [{ id: event.payload.apiKeyId, hash: command.input.made.hash }] };
    }
    if (event.type === 'API_KEY_INGEST_CONFIGURED' && command.name === 'setIngestConfiguration') {
      const { apiKeyId, signingSecret } = command.input;
      if (signingSecret === undefined) return {};
      return { api_key_signing_secret: [{ id: apiKeyId, sealed: signingSecret?.sealed ?? null }] };
    }
    if (event.type === 'ORGANIZATION_POLICY_CHANGED' && event.payload.part === 'ACTION_WEBHOOKS') {
      return actionWebhookSecretRows(command, event);
    }
    if (event.type === 'MEMBER_INVITED' && command.name === 'inviteMember') {
      const { email, made } = command.input;
      const secrets = {
        email: addressKey(email),
        tokenHash: made.tokenHash,
        mailTokenHash: made.mailTokenHash,
      };
      return { invitation: [invitationRow(event, secrets)] };
    }
  }
  return {};
}

/** The secret of a webhook that is new or got another one; of one that is gone, none. */
function actionWebhookSecretRows(
  command: AdministrationCommand,
  { commandId, payload }: Extract<AdministrationEvent, { readonly type: 'ORGANIZATION_POLICY_CHANGED' }>,
): TableRows {
  if (command.name === 'removeActionWebhook') {
    return {
      action_webhook_secret: [{ source: command.input.source.trim(), sealed: null, overlap_ends_at: null }],
    };
  }
  if (command.name !== 'setActionWebhook' && command.name !== 'rotateActionWebhookSecret') return {};
  const webhook = webhookOf(payload.policy, command.input.source.trim());
  if (webhook?.secretSetBy !== commandId) return {};
  const { source, overlapEndsAt } = webhook;
  return {
    action_webhook_secret: [{ source, sealed: command.input.made.sealed, overlap_ends_at: overlapEndsAt }],
  };
}
