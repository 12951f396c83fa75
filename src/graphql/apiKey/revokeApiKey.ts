import { builder } from '../builder.ts';
import { idOf } from '../globalId.ts';
import { AdministrationEvent } from '../ledger/administrationEvent.ts';
import {
  handleAdministrationCommand,
  type OrganizationDone,
} from '../mutation/handleAdministrationCommand.ts';
import { idempotencyKeyDescription } from '../mutation/idempotency.ts';
import { absentId } from '../mutation/incidentMutation.ts';
import { organizationErrors, resultType } from '../mutation/result.ts';
import { ApiKey } from './apiKey.ts';

const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  description: 'What `revokeApiKey` needs.',
  fields: (t) => ({
    apiKeyId: t.id({ required: true, description: 'The key: its `id`.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

interface RevokedApiKey extends OrganizationDone {
  readonly apiKeyId: string;
}

const RevokeApiKeyPayload = builder.objectRef<RevokedApiKey>('RevokeApiKeyPayload').implement({
  description: 'What `revokeApiKey` did.',
  fields: (t) => ({
    apiKey: t.field({
      type: ApiKey,
      description: 'The key as it is now.',
      resolve: async ({ apiKeyId }, _args, { loaders }) => {
        const key = await loaders.apiKey.load(apiKeyId);
        if (key === null) throw new Error('An API key was revoked and cannot be read.');
        return key;
      },
    }),
    events: t.expose('entries', {
      type: [AdministrationEvent],
      description: 'What was written to the administration ledger; empty when it was revoked already.',
    }),
    sequence: t.expose('sequence', {
      type: 'SafeInt',
      description: 'Where the administration ledger stood right after.',
    }),
  }),
});

builder.mutationField('revokeApiKey', (t) =>
  t.field({
    type: resultType('revokeApiKey', RevokeApiKeyPayload, organizationErrors),
    nullable: true,
    description:
      'Revokes an API key for good. Whatever uses it is refused, and its sockets are closed, within 5 s.',
    args: { input: t.arg({ type: RevokeApiKeyInput, required: true, description: 'Which key.' }) },
    resolve: async (_root, args, context) => {
      const { idempotencyKey, ...input } = args.input;
      const apiKeyId = idOf('ApiKey', input.apiKeyId) ?? absentId;
      const done = await handleAdministrationCommand(
        context,
        { name: 'revokeApiKey', input: { apiKeyId } },
        { input, key: idempotencyKey },
      );
      return done.kind === 'done' ? { ...done, apiKeyId } : done;
    },
  }),
);
