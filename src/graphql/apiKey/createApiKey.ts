import { v7 } from 'uuid';
import { makeSecret } from '../../app/makeSecret.ts';
import { builder } from '../builder.ts';
import { ApiKeyScopeEnum, MemberRoleEnum } from '../enums.ts';
import { AdministrationEvent } from '../ledger/administrationEvent.ts';
import {
  handleAdministrationCommand,
  type OrganizationDone,
} from '../mutation/handleAdministrationCommand.ts';
import { idempotencyKeyDescription } from '../mutation/idempotency.ts';
import { organizationErrors, resultType } from '../mutation/result.ts';
import { ApiKey } from './apiKey.ts';

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'What `createApiKey` needs.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is for, 1–100 characters.' }),
    role: t.field({
      type: MemberRoleEnum,
      required: true,
      description: 'The most it may do, no more than you may yourself.',
    }),
    scopes: t.field({
      type: [ApiKeyScopeEnum],
      required: true,
      description:
        'What it may be used for, at least one. INGEST and GATE are given alone. A key gives only what it has itself, INGEST with RESPOND, GATE with ADMIN.',
    }),
    expiresAt: t.field({ type: 'DateTime', description: 'When it stops working. Absent: never.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

interface CreatedApiKey extends OrganizationDone {
  /** Null on a replay: the secret was shown once and is not kept. */
  readonly secret: string | null;
}

const CreateApiKeyPayload = builder.objectRef<CreatedApiKey>('CreateApiKeyPayload').implement({
  description: 'What `createApiKey` did.',
  fields: (t) => ({
    apiKey: t.field({
      type: ApiKey,
      description: 'The key.',
      resolve: async ({ entries }, _args, { loaders }) => {
        const event = entries[0]?.event;
        const key =
          event?.type === 'API_KEY_CREATED' ? await loaders.apiKey.load(event.payload.apiKeyId) : null;
        if (key === null) throw new Error('An API key was created and cannot be read.');
        return key;
      },
    }),
    secret: t.exposeString('secret', {
      nullable: true,
      description:
        'What to send as `Authorization: Bearer …`. Shown once, kept nowhere; null on a repeat of an idempotency key.',
    }),
    events: t.expose('entries', {
      type: [AdministrationEvent],
      description: 'What was written to the administration ledger.',
    }),
    sequence: t.expose('sequence', {
      type: 'SafeInt',
      description: 'Where the administration ledger stood right after.',
    }),
  }),
});

builder.mutationField('createApiKey', (t) =>
  t.field({
    type: resultType('createApiKey', CreateApiKeyPayload, organizationErrors),
    nullable: true,
    description: 'Creates an API key for a program. The answer holds its secret, this once.',
    args: { input: t.arg({ type: CreateApiKeyInput, required: true, description: 'What kind of key.' }) },
    resolve: async (_root, args, context) => {
      const { idempotencyKey, ...input } = args.input;
      const { secret, prefix, hash } = makeSecret();
      const { name, role, scopes, expiresAt } = input;
      const made = { apiKeyId: v7(), prefix, hash };
      const done = await handleAdministrationCommand(
        context,
        { name: 'createApiKey', input: { name, role, scopes, expiresAt: expiresAt ?? null, made } },
        { input, key: idempotencyKey },
      );
      return done.kind === 'done' ? { ...done, secret: done.replayed ? null : secret } : done;
    },
  }),
);
