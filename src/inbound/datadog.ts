import { severityOfOpsgeniePriority } from '../domain/detection/severityReading.ts';
import { limits } from '../domain/incident/limits.ts';
import type { IncidentSeverity } from '../domain/incident/vocabulary.ts';
import { clip, clipOrNull, firstText, httpUrlOrNull } from './clip.ts';
import { FieldReader, isJsonObject, type JsonObject } from './fieldReader.ts';
import { dedupKeyOf, episodeOfKey, keyText } from './keys.ts';
import { severityIn } from './severityIn.ts';
import { signalData } from './signalData.ts';
import type { SignalDelivery, Translation, TranslationContext } from './translation.ts';

const source = 'datadog';

/**
 * The payload to paste into Datadog's webhook integration. Datadog sends what it is told to, so this is the format:
 * the names on the left are ours, the variables Datadog's.
 * Source: https://docs.datadoghq.com/integrations/webhooks/
 */
export const datadogTemplate = {
  cycle_key: '$ALERT_CYCLE_KEY',
  aggregation_key: '$AGGREG_KEY',
  transition: '$ALERT_TRANSITION',
  alert_type: '$ALERT_TYPE',
  priority: '$ALERT_PRIORITY',
  alert_id: '$ALERT_ID',
  title: '$ALERT_TITLE',
  event_title: '$EVENT_TITLE',
  message: '$TEXT_ONLY_MSG',
  scope: '$ALERT_SCOPE',
  hostname: '$HOSTNAME',
  tags: '$TAGS',
  link: '$LINK',
  date: '$DATE',
} as const;

/** What Datadog says of a monitor's way; lower case. Whatever is not over fires. */
const over: ReadonlySet<string> = new Set(['recovered', 'no data recovered', 'warn recovered']);

/**
 * Translates a webhook of Datadog that has {@link datadogTemplate} as its payload: one incident per (API key, alert
 * cycle), so that what recovered and fires again is a new one.
 */
export function datadog(body: unknown, context: TranslationContext): Translation {
  const reader = new FieldReader();
  const event = reader.object([], body);
  if (!isJsonObject(body)) return { problems: reader.problems };
  const transition = reader.text(['transition'], event.transition).trim().toLowerCase();
  const key = filled(event.cycle_key) ?? filled(event.aggregation_key) ?? filled(event.alert_id);
  if (key === null) reader.text(['cycle_key'], undefined);
  if (reader.problems.length > 0 || key === null) return { problems: reader.problems };
  const severity = severityOf(event, context);
  const resolve = over.has(transition);
  const firing = resolve ? [] : [firingSignal(event, key, severity)];
  return {
    commands: [
      {
        dedupKey: dedupKeyOf(source, context.apiKeyId, key),
        declare: declaration(event, key, severity),
        firing,
        cleared: [],
        severity: resolve ? null : severity,
        resolve,
        resolvedAt: resolve && namesCycle(event) ? instantOf(event) : null,
        endsAll: resolve,
      },
    ],
  };
}

/** A variable that Datadog has no value for stays empty, or stands there as it was written. */
function filled(value: unknown): string | null {
  if (typeof value !== 'string' || value.trim() === '' || /^\$[A-Z_]+$/.test(value.trim())) return null;
  return value.trim();
}

/** The monitor's priority, which reads as Opsgenie's does; else the kind of alert. */
function severityOf(event: JsonObject, context: TranslationContext): IncidentSeverity {
  const priority = filled(event.priority);
  if (priority !== null && /^p[1-5]$/i.test(priority)) {
    return severityIn(context, priority, severityOfOpsgeniePriority);
  }
  return severityIn(context, filled(event.alert_type));
}

function firingSignal(
  event: JsonObject,
  key: string,
  severity: IncidentSeverity,
): SignalDelivery['firing'][number] {
  return {
    type: 'METRIC',
    source,
    summary: titleOf(event, limits.signalSummary),
    severity: clipOrNull(filled(event.priority) ?? event.alert_type, limits.name),
    raisesTo: severity,
    ...placeOf(event),
    data: signalData(event),
    // A monitor that gets worse is a signal of its own: only that may raise what a person has set.
    fingerprint: keyText(`${key}:${severity}`),
    at: instantOf(event),
    beganAt: namesCycle(event) ? episodeOfKey : null,
  };
}

/** Whether its key is of one cycle alone, from what triggers to what recovers: the next one has another. */
function namesCycle({ cycle_key }: JsonObject): boolean {
  return filled(cycle_key) !== null;
}

function declaration(event: JsonObject, key: string, severity: IncidentSeverity): SignalDelivery['declare'] {
  const url = httpUrlOrNull(event.link, limits.reference);
  return {
    title: titleOf(event, limits.title),
    description: clip(filled(event.message) ?? '', limits.description),
    severity,
    source,
    ...placeOf(event),
    externalRefs: [{ system: source, id: keyText(filled(event.alert_id) ?? key), url }],
    detectedAt: instantOf(event),
  };
}

function titleOf(event: JsonObject, max: number): string {
  const titles = [filled(event.title) ?? undefined, filled(event.event_title) ?? undefined];
  return firstText(titles, max, 'Alert from Datadog');
}

/** Where it is, by Datadog's own reserved tags: `service:checkout, env:production`. */
function placeOf(event: JsonObject) {
  const tags = new Map<string, string>();
  for (const tag of (filled(event.tags) ?? '').split(',')) {
    const colon = tag.indexOf(':');
    if (colon > 0) tags.set(tag.slice(0, colon).trim().toLowerCase(), tag.slice(colon + 1));
  }
  return {
    service: clipOrNull(tags.get('service'), limits.name),
    environment: clipOrNull(tags.get('env') ?? tags.get('environment'), limits.name),
    project: clipOrNull(tags.get('project'), limits.name),
  };
}

/** `$DATE` is milliseconds since 1970. */
function instantOf(event: JsonObject): string | null {
  const milliseconds = Number(filled(event.date) ?? Number.NaN);
  if (!Number.isInteger(milliseconds) || milliseconds <= 0 || milliseconds > 4e12) return null;
  return new Date(milliseconds).toISOString();
}
