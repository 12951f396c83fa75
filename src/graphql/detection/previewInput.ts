import { v7 } from 'uuid';
import { type OneError, oneErrorOf } from '../../app/rehearseError.ts';
import { deliveryFormats } from '../../app/translateDelivery.ts';
import type { IngestConfiguration } from '../../domain/detection/ingestConfiguration.ts';
import type { IncidentCommandInputs } from '../../domain/incident/commands.ts';
import type { FieldProblem } from '../../domain/refusal.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { IncidentSeverityEnum, SignalTypeEnum } from '../enums.ts';
import { requireIdOf } from '../globalId.ts';
import { jsonText } from '../mutation/jsonText.ts';
import { ErrorReportInput, toldError } from '../reported/errorReportInput.ts';

type Delivery = IncidentCommandInputs['receiveSignals'];

const PreviewSignalInput = builder.inputType('PreviewSignalInput', {
  description: 'A signal as a connector would bring it.',
  fields: (t) => ({
    type: t.field({
      type: SignalTypeEnum,
      description:
        'What kind of observation; default ALERT. ERROR is one that a connector brings, as Sentry does; one of `reportErrors` is an `error`.',
    }),
    source: t.string({ required: true, description: 'The system it is from.' }),
    summary: t.string({ required: true, description: 'What was observed.' }),
    severity: t.field({
      type: IncidentSeverityEnum,
      required: true,
      description: 'How severe it is, as one of ours.',
    }),
    title: t.string({ description: 'The title it would declare with; default its summary.' }),
    service: t.string({ description: 'Name of the service.' }),
    environment: t.string({ description: 'Where.' }),
    correlationKey: t.string({ description: 'What it has in common with others of the same cause.' }),
    data: t.field({ type: 'JSON', description: 'The observation whole: its labels are in here.' }),
  }),
});

/** What arrives, for a preview. */
export const PreviewPayloadInput = builder.inputType('PreviewPayloadInput', {
  description:
    'What arrives: the body of a webhook with its format, a plain signal, or an error as it is reported.',
  fields: (t) => ({
    format: t.string({
      description: `The format of \`body\`: ${deliveryFormats.join(', ')}.`,
    }),
    body: t.field({ type: 'JSON', description: 'The body as its sender posts it.' }),
    apiKeyId: t.id({
      description:
        'Reads `body` or `error` as the connector key with this `id` is configured: its source, place and severities, and for json its mapping. Left out: as by a key that is not configured. For administrators.',
    }),
    signal: t.field({ type: PreviewSignalInput, description: 'A signal instead.' }),
    error: t.field({
      type: ErrorReportInput,
      description:
        'An error instead, as `reportErrors` takes it. Without an `errorId` it is one that was never reported.',
    }),
  }),
});

/** What arrives: what connectors hand in, or one error. */
export interface Arriving {
  readonly deliveries: readonly Delivery[];
  readonly error: OneError | null;
}

/** What arrives, as its key is configured. @throws BAD_USER_INPUT */
export async function arrivingOf(
  { format, body, apiKeyId, signal, error }: typeof PreviewPayloadInput.$inferInput,
  context: GraphQLContext,
): Promise<Arriving> {
  if ([format, signal, error].filter((one) => one != null).length !== 1)
    throw badUserInput('Give one of these: a format and its body, a signal, or an error.');
  if (signal != null && apiKeyId != null)
    throw badUserInput('payload.apiKeyId says how a body or an error is read; a signal needs none.');
  if (signal != null) return { deliveries: [deliveryOf(signal)], error: null };
  const ingest = apiKeyId == null ? null : await configurationOf(String(apiKeyId), context);
  if (error != null) return { deliveries: [], error: errorOf(error, ingest) };
  const { organizationId } = context.principal;
  const translated = await context.translateDelivery(format ?? '', body ?? null, { organizationId, ingest });
  if (translated === null)
    throw badUserInput(`payload.format must be one of: ${deliveryFormats.join(', ')}.`);
  if ('commands' in translated) return { deliveries: translated.commands, error: null };
  throw unfit('payload.body', translated.problems);
}

function unfit(what: string, [problem]: readonly FieldProblem[]): Error {
  const path = [what, ...(problem?.path ?? [])].join('.');
  return badUserInput(`${path}: ${problem?.message ?? 'not acceptable'}`);
}

function errorOf(input: typeof ErrorReportInput.$inferInput, ingest: IngestConfiguration | null): OneError {
  const one = oneErrorOf(toldError(input), { ingest: ingest ?? undefined, newId: () => v7() });
  if (one.kind === 'error') return one;
  if (one.kind !== 'ValidationError') throw badUserInput(one.message);
  // It stands first, and alone, in what it is checked as.
  throw unfit(
    'payload.error',
    one.fields.map(({ path, message }) => ({ path: path.slice(2), message })),
  );
}

/** How a key of connectors is configured. @throws BAD_USER_INPUT when there is none with this id */
async function configurationOf(apiKeyId: string, context: GraphQLContext): Promise<IngestConfiguration> {
  authorizeRead('apiKeys', context);
  const id = requireIdOf('ApiKey', apiKeyId, 'payload.apiKeyId');
  const ingest = (await context.loaders.apiKey.load(id))?.ingest ?? null;
  if (ingest === null) throw badUserInput('payload.apiKeyId must be the id of a key with the scope INGEST.');
  return ingest;
}

function deliveryOf(input: typeof PreviewSignalInput.$inferInput): Delivery {
  const { source, summary, severity } = input;
  const signal = {
    type: input.type ?? 'ALERT',
    source,
    summary,
    raisesTo: severity,
    service: input.service ?? null,
    environment: input.environment ?? null,
    correlationKey: input.correlationKey ?? null,
    data: input.data == null ? null : jsonText(input.data),
    fingerprint: 'preview',
  } as const;
  return {
    dedupKey: 'preview',
    declare: { title: input.title ?? summary, severity, source },
    firing: [signal],
    cleared: [],
    severity,
  };
}
