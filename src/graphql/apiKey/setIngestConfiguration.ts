import { signingSecretOwner } from '../../app/signingSecrets.ts';
import { authorize } from '../../domain/access/permissions.ts';
import { mappingLimit } from '../../domain/administration/setIngestConfiguration.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { IncidentSeverityEnum } from '../enums.ts';
import { idOf } from '../globalId.ts';
import { absentId } from '../mutation/incidentMutation.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { ApiKey } from './apiKey.ts';

const SeverityMappingInput = builder.inputType('SeverityMappingInput', {
  description: 'A severity as a source writes it, and what it means here.',
  fields: (t) => ({
    text: t.string({
      required: true,
      description: 'As the source writes it, 1–100 characters; compared without case.',
    }),
    severity: t.field({ type: IncidentSeverityEnum, required: true, description: 'What it means here.' }),
  }),
});

/** A mapping with why it is none, if it is none; only an administrator's is looked at, and none that is too long. */
async function checkedMapping(written: string | null | undefined, { principal, mappings }: GraphQLContext) {
  if (written == null) return written;
  const mayNot =
    authorize('setIngestConfiguration', { ...principal.actor, scopes: principal.scopes }) !== null;
  if (mayNot || written.length > mappingLimit) return { text: written, problem: null };
  return { text: written, problem: await mappings.problemOf(written, principal.organizationId) };
}

organizationMutation('setIngestConfiguration', {
  description:
    'Says how what an API key of scope INGEST brings is read, whatever its format. A field that is absent stays as it was; null takes it back. Holds for deliveries within 5 s.',
  fields: (t) => ({
    apiKeyId: t.id({ required: true, description: 'The key: its `id`.' }),
    expectedVersion: t.int({
      description:
        'The `version` of the configuration you decided on. Refused with ConflictError if it changed since.',
    }),
    source: t.string({
      description: 'What incidents and signals name as their source, at most 100 characters.',
    }),
    service: t.string({ description: 'The service of what names none, at most 100 characters.' }),
    project: t.string({ description: 'The project of what names none, at most 100 characters.' }),
    environment: t.string({ description: 'The environment of what names none, at most 100 characters.' }),
    defaultSeverity: t.field({
      type: IncidentSeverityEnum,
      description: 'What a severity reads as that is on no list.',
    }),
    severityMap: t.field({
      type: [SeverityMappingInput],
      description: "Severities as the source writes them, at most 50; asked before the format's own list.",
    }),
    requestsPerMinute: t.int({
      description:
        'Deliveries a minute, and as many at once, that each instance takes, 1–100,000; more are answered 429.',
    }),
    mapping: t.string({
      description:
        'A JSONata expression that makes alerts of what comes as generic JSON, at most 8,192 characters. Try it out with `previewMapping`.',
    }),
    signingSecret: t.string({
      description:
        'What the sender signs with, at most 500 characters: the client secret of an integration in Sentry. Never shown again, and no part of the ledger.',
    }),
  }),
  prepare: async ({ apiKeyId: id, signingSecret: text, mapping: written, ...configuration }, context) => {
    const { principal, sealing } = context;
    const apiKeyId = idOf('ApiKey', id) ?? absentId;
    const mapping = await checkedMapping(written, context);
    const command = { apiKeyId, ...configuration, ...(mapping === undefined ? {} : { mapping }) };
    if (text == null) return { command: text === null ? { ...command, signingSecret: null } : command };
    const sealed = sealing.seal(text, signingSecretOwner(principal.organizationId, apiKeyId));
    return { command: { ...command, signingSecret: { text, sealed } } };
  },
  payload: (t) => ({
    apiKey: t.field({
      type: ApiKey,
      description: 'The key as it is now.',
      resolve: async ({ command }, _args, { loaders }) => {
        const key = await loaders.apiKey.load(command.apiKeyId);
        if (key === null) throw new Error('An API key was configured and cannot be read.');
        return key;
      },
    }),
  }),
});
