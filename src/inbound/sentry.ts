import { severityOfSentryLevel } from '../domain/detection/severityReading.ts';
import { limits } from '../domain/incident/limits.ts';
import type { IncidentSeverity } from '../domain/incident/vocabulary.ts';
import type { Instant } from '../domain/instant.ts';
import { clip, clipOrNull, firstText, httpUrlOrNull } from './clip.ts';
import { FieldReader, isJsonObject, type JsonObject } from './fieldReader.ts';
import { dedupKeyOf, episodeOfKey, keyText } from './keys.ts';
import { severityIn } from './severityIn.ts';
import { signalData } from './signalData.ts';
import type { SignalDelivery, Translation, TranslationContext } from './translation.ts';

const source = 'sentry';

/** What a webhook of Sentry says, whichever of its three kinds it is. */
interface SentryAlert {
  /** What the incident is found again by. */
  readonly key: string;
  readonly over: boolean;
  /** What tells one cause of firing from another of the same incident. */
  readonly cause: string;
  readonly title: string;
  readonly description: string;
  readonly level: string | null;
  readonly project: unknown;
  readonly environment: unknown;
  readonly service: unknown;
  readonly traceId: unknown;
  readonly url: unknown;
  readonly id: string;
  readonly at: Instant | null;
  /** When it was over, if its key is of one episode alone; null: that is not said. */
  readonly overAt?: Instant | null;
  readonly raw: JsonObject;
}

/**
 * Translates a webhook of Sentry's integration platform: issues, issue alerts and metric alerts. One incident per (API
 * key, issue), whichever of the first two tells of it, and per metric alert. What it is, is read from the signed body
 * and not from the header beside it. Installations, comments and single errors are no alerts: nothing comes of them.
 * Source: https://docs.sentry.io/organization/integrations/integration-platform/webhooks/
 */
export function sentry(body: unknown, context: TranslationContext): Translation {
  const reader = new FieldReader();
  const webhook = reader.object([], body);
  if (!isJsonObject(body)) return { problems: reader.problems };
  const action = reader.text(['action'], webhook.action);
  const data = reader.object(['data'], webhook.data);
  const alert = readAlert(reader, action, data);
  if (reader.problems.length > 0) return { problems: reader.problems };
  return { commands: alert === null ? [] : [command(alert, context)] };
}

/** Null when nothing is to be done. */
function readAlert(reader: FieldReader, action: string, data: JsonObject): SentryAlert | null {
  if (data.metric_alert !== undefined) return metricAlert(reader, action, data);
  if (data.event !== undefined) return issueAlert(reader, data);
  if (data.issue !== undefined) return issue(reader, action, data);
  return null;
}

/** What an issue can come to, of which something is to be done here: it begins, comes back, or is over. */
const issueActions: ReadonlyMap<string, 'fires' | 'over'> = new Map([
  ['created', 'fires'],
  ['unresolved', 'fires'],
  ['resolved', 'over'],
  ['archived', 'over'],
  ['ignored', 'over'],
]);

function issue(reader: FieldReader, action: string, data: JsonObject): SentryAlert | null {
  const path = ['data', 'issue'];
  const found = reader.object(path, data.issue);
  const id = reader.text([...path, 'id'], found.id);
  const means = issueActions.get(action);
  if (means === undefined) return null;
  const project = isJsonObject(found.project) ? found.project : {};
  return {
    key: `issue:${id}`,
    over: means === 'over',
    cause: 'issue',
    title: firstText(texts(found.title, found.shortId), limits.title, 'Issue in Sentry'),
    description: lines(found.culprit, found.shortId),
    level: textOrNull(found.level),
    project: project.slug,
    environment: null,
    service: null,
    traceId: null,
    url: found.web_url ?? found.permalink,
    id: textOrNull(found.shortId) ?? id,
    // One that comes back does so now, whenever it was first seen.
    at: action === 'created' ? reader.instant([...path, 'firstSeen'], found.firstSeen) : null,
    raw: found,
  };
}

function issueAlert(reader: FieldReader, data: JsonObject): SentryAlert {
  const path = ['data', 'event'];
  const event = reader.object(path, data.event);
  const id = reader.text([...path, 'issue_id'], event.issue_id);
  const rule = textOrNull(data.triggered_rule) ?? '';
  const tags = tagsOf(event.tags);
  const contexts = isJsonObject(event.contexts) ? event.contexts : {};
  const trace = isJsonObject(contexts.trace) ? contexts.trace : {};
  return {
    key: `issue:${id}`,
    over: false,
    cause: `alert:${rule}`,
    title: firstText(texts(event.title, event.message, rule), limits.title, 'Issue alert from Sentry'),
    description: lines(rule === '' ? null : `Alert rule: ${rule}`, event.culprit),
    level: textOrNull(event.level),
    // The event itself names its project by a number alone.
    project: projectIn(event.url),
    environment: event.environment ?? tags.get('environment'),
    service: tags.get('service'),
    traceId: trace.trace_id,
    url: event.web_url,
    id,
    at: receivedAt(event.received) ?? reader.instant([...path, 'datetime'], event.datetime),
    raw: event,
  };
}

function metricAlert(reader: FieldReader, action: string, data: JsonObject): SentryAlert {
  const path = ['data', 'metric_alert'];
  const alert = reader.object(path, data.metric_alert);
  const id = reader.text([...path, 'id'], alert.id);
  const level = reader.oneOf(['action'], action, ['critical', 'warning', 'resolved']);
  const rule = isJsonObject(alert.alert_rule) ? alert.alert_rule : {};
  const projects = Array.isArray(alert.projects) ? alert.projects : [];
  const over = level === 'resolved';
  const detectedAt = reader.instant([...path, 'date_detected'], alert.date_detected);
  const closedAt = reader.instant([...path, 'date_closed'], alert.date_closed);
  return {
    key: `metric:${id}`,
    over,
    cause: level,
    title: firstText(texts(rule.name, alert.title, data.description_title), limits.title, 'Metric alert'),
    description: lines(data.description_title, data.description_text),
    level: over ? null : level,
    project: projects[0],
    environment: rule.environment,
    service: null,
    traceId: null,
    url: data.web_url,
    id,
    at: detectedAt,
    overAt: over ? (closedAt ?? detectedAt) : null,
    raw: data,
  };
}

function command(alert: SentryAlert, context: TranslationContext): SignalDelivery {
  const severity = severityIn(context, alert.level, severityOfSentryLevel);
  return {
    dedupKey: dedupKeyOf(source, context.apiKeyId, alert.key),
    declare: {
      title: alert.title,
      description: alert.description,
      severity,
      source,
      ...placeOf(alert),
      externalRefs: [
        { system: source, id: keyText(alert.id), url: httpUrlOrNull(alert.url, limits.reference) },
      ],
      detectedAt: alert.at,
    },
    firing: alert.over ? [] : [firingSignal(alert, severity)],
    cleared: [],
    severity: alert.over ? null : severity,
    resolve: alert.over,
    resolvedAt: alert.overAt ?? null,
    endsAll: alert.over,
  };
}

function firingSignal(alert: SentryAlert, severity: IncidentSeverity): SignalDelivery['firing'][number] {
  return {
    type: alert.key.startsWith('metric:') ? 'METRIC' : 'ERROR',
    source,
    summary: clip(alert.title, limits.signalSummary),
    severity: clipOrNull(alert.level, limits.name),
    raisesTo: severity,
    ...placeOf(alert),
    data: signalData(alert.raw),
    traceId: typeof alert.traceId === 'string' && alert.traceId !== '' ? keyText(alert.traceId) : null,
    // What gets worse is a signal of its own: only that may raise what a person has set.
    fingerprint: keyText(`${alert.key}:${alert.cause}:${severity}`),
    at: alert.at,
    // Each time that a metric alert fires it is another; an issue comes back as itself, and does not say when.
    beganAt: alert.key.startsWith('metric:') ? episodeOfKey : null,
  };
}

function placeOf({ service, environment, project }: SentryAlert) {
  return {
    service: clipOrNull(service, limits.name),
    environment: clipOrNull(environment, limits.name),
    project: clipOrNull(project, limits.name),
  };
}

/** The project's slug in the address of something that is of it, as Sentry's API has it. */
function projectIn(url: unknown): string | null {
  return /\/projects\/[^/]+\/([^/]+)\//.exec(typeof url === 'string' ? url : '')?.[1] ?? null;
}

/** Seconds since 1970: when Sentry had the event, which the machine it is from may have kept for days. */
function receivedAt(seconds: unknown): Instant | null {
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds < 4e9)) return null;
  return new Date(Math.round(seconds * 1_000)).toISOString();
}

/** An event's tags, which are pairs. */
function tagsOf(tags: unknown): ReadonlyMap<unknown, unknown> {
  const pairs = Array.isArray(tags)
    ? tags.filter((tag): tag is [unknown, unknown] => Array.isArray(tag))
    : [];
  return new Map(pairs);
}

function texts(...values: readonly unknown[]): (string | undefined)[] {
  return values.map((value) => (typeof value === 'string' ? value : undefined));
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function lines(...values: readonly unknown[]): string {
  return clip(values.filter((value) => textOrNull(value) !== null).join('\n'), limits.description);
}
