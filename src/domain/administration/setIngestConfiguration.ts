import type { IngestConfiguration, SeverityMapping } from '../detection/ingestConfiguration.ts';
import { limits } from '../incident/limits.ts';
import { InputCheck } from '../inputCheck.ts';
import { refuseConflict, refuseField, refuseNotFound } from '../refuse.ts';
import type { AdministrationCommandInputs } from './commands.ts';
import { type AdministrationVerb, happened, nothingHappened } from './decision.ts';

type Input = AdministrationCommandInputs['setIngestConfiguration'];

/** The most deliveries a minute a key may be limited to; more is no limit. */
const requestsPerMinuteLimit = 100_000;

/** The longest mapping, in UTF-16 units. */
export const mappingLimit = 8_192;

/** The longest secret a sender signs with, in UTF-16 units. */
const signingSecretLimit = 500;

/** Says how what an INGEST key brings is read. What is left out of the input stays as it was; null takes it back. */
export const setIngestConfiguration: AdministrationVerb<'setIngestConfiguration'> = (input, { facts }) => {
  const { apiKeyId, expectedVersion } = input;
  const key = facts.apiKey(apiKeyId);
  if (key === undefined) return refuseNotFound('There is no such API key in your organization.');
  const { ingest: before } = key;
  if (expectedVersion != null && expectedVersion !== before.version) {
    const message = `The configuration is at version ${before.version}, not ${expectedVersion}.`;
    return refuseConflict(message, before.version);
  }
  if (!key.scopes.includes('INGEST')) {
    return refuseField(['apiKeyId'], 'This key brings nothing: only one of scope INGEST is configured.');
  }
  if (key.revokedAt !== null) return refuseField(['apiKeyId'], 'This key is revoked. Create another one.');
  const check = new InputCheck();
  const after = changed(before, input, check);
  if (check.refusal !== null) return check.refusal;
  const isSame = JSON.stringify(after) === JSON.stringify(before);
  // Whether a secret is the one there is cannot be known here: setting it is an event.
  if (isSame && input.signingSecret == null) return nothingHappened;
  const configuration = { ...after, version: before.version + 1 };
  return happened({ type: 'API_KEY_INGEST_CONFIGURED', payload: { apiKeyId, configuration } });
};

function changed(before: IngestConfiguration, input: Input, check: InputCheck): IngestConfiguration {
  const text = (field: 'source' | 'service' | 'project' | 'environment') =>
    input[field] === undefined ? before[field] : check.optionalText(field, input[field], limits.name);
  const { defaultSeverity, severityMap, requestsPerMinute, signingSecret } = input;
  if (signingSecret != null) check.document('signingSecret', signingSecret.text, { max: signingSecretLimit });
  return {
    ...before,
    source: text('source'),
    service: text('service'),
    project: text('project'),
    environment: text('environment'),
    defaultSeverity: defaultSeverity === undefined ? before.defaultSeverity : defaultSeverity,
    severityMap: severityMap === undefined ? before.severityMap : mappings(severityMap, check),
    requestsPerMinute:
      requestsPerMinute == null
        ? requestsPerMinute === undefined
          ? before.requestsPerMinute
          : null
        : check.whole('requestsPerMinute', requestsPerMinute, 1, requestsPerMinuteLimit),
    mapping: input.mapping === undefined ? before.mapping : mapping(input.mapping, check),
    hasSigningSecret: signingSecret === undefined ? before.hasSigningSecret : signingSecret !== null,
  };
}

function mapping(given: NonNullable<Input['mapping']> | null, check: InputCheck): string | null {
  if (given === null) return null;
  if (given.problem !== null) check.note('mapping', given.problem);
  return check.document('mapping', given.text, { max: mappingLimit });
}

function mappings(given: Input['severityMap'], check: InputCheck): readonly SeverityMapping[] {
  const seen = new Set<string>();
  return check.list('severityMap', given, (path, { text: written, severity }) => {
    const text = check.text([...path, 'text'], written, limits.name).toLowerCase();
    if (seen.has(text)) check.note([...path, 'text'], 'This text has a severity already.');
    seen.add(text);
    return { text, severity };
  });
}
