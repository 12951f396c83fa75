import { deliveryFormats } from '../../app/translateDelivery.ts';
import type { IngestConfiguration } from '../../domain/detection/ingestConfiguration.ts';
import type { SignalCandidate } from '../../domain/detection/outcomeOf.ts';
import {
  type SignalPreview as PreviewSource,
  previewDelivery,
} from '../../domain/detection/previewDelivery.ts';
import type { IncidentCommandInputs } from '../../domain/incident/commands.ts';
import { nameKey } from '../../domain/incident/naming.ts';
import { suppressedBy } from '../../domain/maintenance/inMaintenance.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { joinable } from '../../store/read/joinable.ts';
import { currentPolicy } from '../../store/read/policy.ts';
import { serviceIds } from '../../store/read/serviceIds.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
import { builder } from '../builder.ts';
import { type GraphQLContext, readScope } from '../context.ts';
import { IncidentSeverityEnum, SignalTypeEnum } from '../enums.ts';
import { requireIdOf } from '../globalId.ts';
import { Incident } from '../incident/incident.ts';
import { jsonText } from '../mutation/jsonText.ts';
import { DetectionOutcomeEnum, RoleOfRule } from './detectionRule.ts';

type Delivery = IncidentCommandInputs['receiveSignals'];
type Previewed = PreviewSource & { readonly incidentId: string | null };

/** The most signals that are looked at. */
const signalsLimit = 64;

const RuleStep = builder.objectRef<PreviewSource['steps'][number]>('RuleStep').implement({
  description: 'A rule that was tried on a signal.',
  fields: (t) => ({
    rule: t.exposeString('rule', { description: 'Its name.' }),
    matches: t.exposeBoolean('matches', { description: 'Whether every condition is met.' }),
    why: t.exposeString('why', { description: 'Why it applies, or does not, in a sentence.' }),
  }),
});

const PreviewedDeclaration = builder
  .objectRef<NonNullable<PreviewSource['declares']>>('PreviewedDeclaration')
  .implement({
    description: 'What a signal would declare, were it the first of its dedup key.',
    fields: (t) => ({
      title: t.exposeString('title', { description: 'The title.' }),
      severity: t.expose('severity', { type: IncidentSeverityEnum, description: 'The severity.' }),
      tags: t.exposeStringList('tags', { description: 'The tags.' }),
      roles: t.expose('roles', { type: [RoleOfRule], description: 'Who gets which role.' }),
    }),
  });

const SignalPreview = builder.objectRef<Previewed>('SignalPreview').implement({
  description: 'What the rules of detection would make of one signal.',
  fields: (t) => ({
    source: t.exposeString('source', { description: 'The system it is from.' }),
    summary: t.exposeString('summary', { description: 'What was observed.' }),
    severity: t.expose('severity', {
      type: IncidentSeverityEnum,
      description: 'How severe it says it is, as one of ours.',
    }),
    outcome: t.expose('outcome', { type: DetectionOutcomeEnum, description: 'What would become of it.' }),
    rule: t.exposeString('rule', {
      nullable: true,
      description: 'The rule that decides; null when none matches.',
    }),
    suppressedBy: t.exposeString('suppressedBy', {
      nullable: true,
      description: 'The maintenance window that would keep it from declaring now; null when none would.',
    }),
    declares: t.expose('declares', {
      type: PreviewedDeclaration,
      nullable: true,
      description: 'What it would declare; null when it would declare nothing.',
    }),
    joins: t.field({
      type: Incident,
      nullable: true,
      description:
        'The open incident it would join now; null when it would not join one. Needs the scope READ.',
      resolve: ({ incidentId }, _args, context) => {
        if (incidentId === null) return null;
        authorizeRead('incident', context);
        return context.loaders.incident.load(incidentId);
      },
    }),
    steps: t.expose('steps', { type: [RuleStep], description: 'Every rule that was tried, in order.' }),
  }),
});

const PreviewSignalInput = builder.inputType('PreviewSignalInput', {
  description: 'A signal as a connector would bring it.',
  fields: (t) => ({
    type: t.field({
      type: SignalTypeEnum,
      description:
        'What kind of observation; default ALERT. ERROR is one that a connector brings, as Sentry does; one of `reportErrors` that is SEV3 or SEV4 declares nothing without a rule.',
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

const PreviewPayloadInput = builder.inputType('PreviewPayloadInput', {
  description: 'What arrives: the body of a webhook with its format, or a plain signal.',
  fields: (t) => ({
    format: t.string({
      description: `The format of \`body\`: ${deliveryFormats.join(', ')}.`,
    }),
    body: t.field({ type: 'JSON', description: 'The body as its sender posts it.' }),
    apiKeyId: t.id({
      description:
        'Reads `body` as the connector key with this `id` is configured: its source, place and severities, and for json its mapping. Left out: as by a key that is not configured. For administrators.',
    }),
    signal: t.field({ type: PreviewSignalInput, description: 'A signal instead.' }),
  }),
});

builder.queryField('previewRules', (t) =>
  t.field({
    type: [SignalPreview],
    description:
      'What the rules of detection would make of something that arrives now, and why, rule by rule, as if no incident held its dedup key. Runs and syncs meet no rules. Nothing is written. At most the first 64 signals.',
    args: {
      payload: t.arg({ type: PreviewPayloadInput, required: true, description: 'What arrives.' }),
    },
    resolve: async (_root, { payload }, context): Promise<Previewed[]> => {
      authorizeRead('previewRules', context);
      const deliveries = await deliveriesOf(payload, context);
      const { organizationId } = context.principal;
      const policy = await currentPolicy(context.database, organizationId);
      const suppressor = await suppressorOf(deliveries, policy, context);
      const previews = deliveries
        .flatMap((delivery) => previewDelivery(delivery, policy.detectionRules, suppressor))
        .slice(0, signalsLimit);
      const wanted = previews.flatMap((preview) => preview.joinable);
      const found = await joinable(readScope(context), wanted);
      return previews.map((preview) => ({ ...preview, incidentId: joinedBy(preview, found) }));
    },
  }),
);

/** Which maintenance window would keep a signal from declaring now. */
async function suppressorOf(
  deliveries: readonly Delivery[],
  { maintenanceWindows }: Policy,
  context: GraphQLContext,
): Promise<(candidate: SignalCandidate) => string | null> {
  const asked = deliveries.flatMap(({ firing, declare }) => [declare, ...firing]);
  const ids = await serviceIds(
    readScope(context),
    asked.map(({ service }) => service ?? ''),
  );
  const at = context.clock.now();
  return ({ source, environment, service }) => {
    const serviceId = ids.get(nameKey(service ?? '')) ?? null;
    return suppressedBy(maintenanceWindows, { source, environment, serviceId }, at)?.name ?? null;
  };
}

function joinedBy(preview: PreviewSource, found: Awaited<ReturnType<typeof joinable>>): string | null {
  for (const { kind, key } of preview.joinable) {
    const one = found.find((candidate) => candidate.kind === kind && candidate.key === key);
    if (one !== undefined) return one.incidentId;
  }
  return null;
}

/** What arrives, as connectors hand it in. @throws BAD_USER_INPUT */
async function deliveriesOf(
  { format, body, apiKeyId, signal }: typeof PreviewPayloadInput.$inferInput,
  context: GraphQLContext,
): Promise<readonly Delivery[]> {
  if ((signal == null) === (format == null))
    throw badUserInput('Give either a format and its body, or a signal.');
  if (signal != null && apiKeyId != null)
    throw badUserInput('payload.apiKeyId says how a body is read; a signal needs none.');
  if (signal != null) return [deliveryOf(signal)];
  const { organizationId } = context.principal;
  const ingest = apiKeyId == null ? null : await configurationOf(String(apiKeyId), context);
  const translated = await context.translateDelivery(format ?? '', body ?? null, { organizationId, ingest });
  if (translated === null)
    throw badUserInput(`payload.format must be one of: ${deliveryFormats.join(', ')}.`);
  if ('commands' in translated) return translated.commands;
  const [problem] = translated.problems;
  throw badUserInput(
    `payload.body.${problem?.path.join('.') ?? ''}: ${problem?.message ?? 'not acceptable'}`,
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
