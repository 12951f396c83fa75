import { OverloadedError } from '../app/answer.ts';
import { limits } from '../domain/incident/limits.ts';
import type { IncidentSeverity } from '../domain/incident/vocabulary.ts';
import { clip, clipOrNull, httpUrlOrNull } from './clip.ts';
import { FieldReader, isJsonObject, type JsonObject } from './fieldReader.ts';
import { dedupKeyOf, keyText } from './keys.ts';
import type { Evaluated, MappingEvaluator } from './mappingEvaluator.ts';
import { severityIn } from './severityIn.ts';
import { signalData } from './signalData.ts';
import { textOf } from './textOf.ts';
import { textual } from './textual.ts';
import type { SignalDelivery, Translation, TranslationContext } from './translation.ts';

const source = 'json';

/** The most alerts of one body. */
const alertsLimit = 64;

/** What the fields of an alert may be called; what else is there is a mistake to be told of. */
const fields: ReadonlySet<string> = new Set([
  'key',
  'status',
  'title',
  'summary',
  'description',
  'severity',
  'service',
  'environment',
  'project',
  'fingerprint',
  'correlationKey',
  'traceId',
  'at',
  'url',
  'runbook',
  'note',
]);

/** What a mapping came to, or without one the body itself, as alerts: one, a list of them, or nothing. */
export function mappedAlerts(evaluated: Evaluated, raw: unknown, context: TranslationContext): Translation {
  if ('problem' in evaluated) return { problems: [{ path: ['mapping'], message: evaluated.problem }] };
  const { value } = evaluated;
  if (value === undefined || value === null) return { commands: [] };
  const several = Array.isArray(value);
  const alerts: readonly unknown[] = several ? value : [value];
  if (alerts.length > alertsLimit) {
    const message = `At most ${alertsLimit} alerts are accepted at a time; these are ${alerts.length}.`;
    return { problems: [{ path: [], message }] };
  }
  const reader = new FieldReader();
  const commands = alerts.map((alert, index) =>
    command(reader, several ? [String(index)] : [], alert, raw, context),
  );
  return reader.problems.length > 0 ? { problems: reader.problems } : { commands };
}

/**
 * Translates a body of any shape by the mapping of the key it came with; without one, the body is read as alerts itself.
 * @throws OverloadedError when too many wait to be mapped, it waited too long, or mapping took too long, but not twice
 *   with this body.
 */
export async function json(
  body: unknown,
  context: TranslationContext,
  mappings: MappingEvaluator,
): Promise<Translation> {
  const { mapping = null, organizationId = '', apiKeyId } = context;
  if (mapping === null) return mappedAlerts({ value: body }, body, context);
  const evaluated = await mappings.evaluate(mapping, JSON.stringify(body), { organizationId, of: apiKeyId });
  if ('problem' in evaluated && evaluated.retryAfterSeconds !== undefined) {
    throw new OverloadedError(evaluated.retryAfterSeconds);
  }
  return mappedAlerts(evaluated, body, context);
}

function command(
  reader: FieldReader,
  path: readonly string[],
  value: unknown,
  raw: unknown,
  context: TranslationContext,
): SignalDelivery {
  const alert = reader.object(path, value);
  if (!isJsonObject(value)) return command(new FieldReader(), path, {}, raw, context);
  for (const name of Object.keys(alert)) {
    if (!fields.has(name))
      reader.note([...path, name], `There is no such field. There are: ${[...fields].join(', ')}.`);
  }
  const statuses = ['firing', 'resolved', 'acknowledged'] as const;
  const status = alert.status == null ? 'firing' : reader.oneOf([...path, 'status'], alert.status, statuses);
  const key = reader.text([...path, 'key'], textual(alert.key));
  const title =
    status === 'firing' ? reader.text([...path, 'title'], alert.title) : textOf(alert.title ?? key);
  for (const name of [
    'summary',
    'description',
    'severity',
    'service',
    'environment',
    'project',
    'note',
  ] as const) {
    if (alert[name] != null && typeof textual(alert[name]) !== 'string') {
      reader.note([...path, name], 'A text is expected.');
    }
  }
  const at = reader.instant([...path, 'at'], alert.at);
  const severity = severityIn(context, textOrNull(alert.severity));
  const firing = status === 'firing';
  return {
    dedupKey: dedupKeyOf(source, context.apiKeyId, key),
    declare: {
      title: clip(title, limits.title) || 'Alert',
      description: clip(textOrNull(alert.description) ?? '', limits.description),
      severity,
      source,
      ...placeOf(alert),
      runbook: clipOrNull(alert.runbook, limits.reference),
      externalRefs: [{ system: source, id: keyText(key), url: httpUrlOrNull(alert.url, limits.reference) }],
      detectedAt: at,
    },
    firing: firing ? [firingSignal(alert, { key, title, severity, at, raw })] : [],
    cleared: [],
    severity: firing ? severity : null,
    acknowledge: status === 'acknowledged' ? { note: clipOrNull(alert.note, limits.reason) } : null,
    resolve: status === 'resolved',
  };
}

function firingSignal(
  alert: JsonObject,
  read: {
    readonly key: string;
    readonly title: string;
    readonly severity: IncidentSeverity;
    readonly at: string | null;
    readonly raw: unknown;
  },
): SignalDelivery['firing'][number] {
  const fingerprint = textOrNull(alert.fingerprint) ?? read.key;
  return {
    type: 'ALERT',
    source,
    summary:
      clipOrNull(alert.summary, limits.signalSummary) ?? (clip(read.title, limits.signalSummary) || 'Alert'),
    severity: clipOrNull(textual(alert.severity), limits.name),
    raisesTo: read.severity,
    ...placeOf(alert),
    data: signalData(read.raw),
    correlationKey: keyOrNull(alert.correlationKey),
    traceId: keyOrNull(alert.traceId),
    // What gets worse is a signal of its own: only that may raise what a person has set.
    fingerprint: keyText(`${fingerprint}:${read.severity}`),
    at: read.at,
  };
}

function placeOf(alert: JsonObject) {
  return {
    service: clipOrNull(textual(alert.service), limits.name),
    environment: clipOrNull(textual(alert.environment), limits.name),
    project: clipOrNull(textual(alert.project), limits.name),
  };
}

function textOrNull(value: unknown): string | null {
  const text = textual(value);
  return typeof text === 'string' && text.trim() !== '' ? text : null;
}

function keyOrNull(value: unknown): string | null {
  const text = textOrNull(value);
  return text === null ? null : keyText(text.trim());
}
