import { limits } from '../domain/incident/limits.ts';
import type { ExternalRef } from '../domain/incident/state.ts';
import type { FieldProblem } from '../domain/refusal.ts';
import { clip, clipOrNull, httpUrlOrNull } from './clip.ts';
import { FieldReader, isJsonObject, type JsonObject } from './fieldReader.ts';
import { dedupKeyOf, keyText } from './keys.ts';
import { severityIn } from './severityIn.ts';
import { signalData } from './signalData.ts';
import { textual } from './textual.ts';
import type { SignalDelivery, TranslationContext } from './translation.ts';

const source = 'pagerduty';

/** PagerDuty's own bound of a dedup key, in characters. */
const dedupKeyLimit = 255;

/** The most links of an event that are kept. */
const linkLimit = 10;

/** An event of PagerDuty's Events API v2 that is as it should be. */
export interface PagerDutyEvent {
  /** The Warroom API key it came with. */
  readonly routingKey: string;
  readonly action: 'trigger' | 'acknowledge' | 'resolve';
  /** Null only of a trigger, for which one is made up. */
  readonly dedupKey: string | null;
  readonly payload: JsonObject;
  readonly severity: string | null;
  readonly at: string | null;
  readonly body: JsonObject;
}

/**
 * Reads an event of PagerDuty's Events API v2. Problems are worded as PagerDuty words them, since clients show them.
 * Source: https://developer.pagerduty.com/docs/events-api-v2-overview
 */
export function readPagerDutyEvent(
  body: unknown,
): { readonly event: PagerDutyEvent } | { readonly problems: readonly FieldProblem[] } {
  if (!isJsonObject(body)) return { problems: [{ path: [], message: 'The body is not a JSON object' }] };
  const problems: FieldProblem[] = [];
  const note = (path: string, what: string) =>
    problems.push({ path: path.split('.'), message: `'${path}' ${what}` });
  const routingKey = filled(body.routing_key);
  if (routingKey === null) note('routing_key', 'is missing or blank');
  const action = actionOf(body.event_action, note);
  const dedupKey = filled(textual(body.dedup_key));
  if (dedupKey !== null && dedupKey.length > dedupKeyLimit) {
    note('dedup_key', `is too long (maximum is ${dedupKeyLimit} characters)`);
  }
  if (dedupKey === null && action !== 'trigger') note('dedup_key', 'is missing or blank');
  const given = body.payload;
  const payload = isJsonObject(given) ? given : {};
  if (action === 'trigger') notePayload(given, payload, note);
  const reader = new FieldReader();
  const at = reader.instant(['payload', 'timestamp'], payload.timestamp);
  if (reader.problems.length > 0) note('payload.timestamp', 'is invalid (must be ISO 8601)');
  if (problems.length > 0 || routingKey === null || action === null) return { problems };
  return {
    event: { routingKey, action, dedupKey, payload, severity: filled(payload.severity), at, body },
  };
}

type Note = (path: string, what: string) => void;

function actionOf(value: unknown, note: Note): PagerDutyEvent['action'] | null {
  if (value === 'trigger' || value === 'acknowledge' || value === 'resolve') return value;
  const blank = filled(value) === null;
  const choices = "is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')";
  note('event_action', blank ? 'is missing or blank' : choices);
  return null;
}

function notePayload(given: unknown, payload: JsonObject, note: Note): void {
  if (!isJsonObject(given)) {
    note('payload', given == null ? 'is missing or blank' : 'is not an object');
    return;
  }
  for (const field of ['summary', 'source', 'severity']) {
    if (filled(payload[field]) === null) note(`payload.${field}`, 'is missing or blank');
  }
  const severity = filled(payload.severity);
  if (severity !== null && !severities.has(severity.toLowerCase())) {
    const choices = "is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')";
    note('payload.severity', choices);
  }
}

const severities: ReadonlySet<string> = new Set(['critical', 'warning', 'error', 'info']);

function filled(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/**
 * Translates an event: one incident per (API key, dedup key). A trigger that repeats one is counted, one of a higher
 * severity joins as a signal of its own and may raise the incident; resolve clears them all.
 */
export function pagerDuty(
  event: PagerDutyEvent,
  dedupKey: string,
  context: TranslationContext,
): SignalDelivery {
  const triggers = event.action === 'trigger';
  return {
    dedupKey: dedupKeyOf(source, context.apiKeyId, dedupKey),
    declare: declaration(event, dedupKey, context),
    firing: triggers ? [firingSignal(event, dedupKey, context)] : [],
    cleared: [],
    severity: triggers ? severityIn(context, event.severity) : null,
    acknowledge: event.action === 'acknowledge' ? { note: acknowledgedBy(event) } : null,
    resolve: event.action === 'resolve',
  };
}

function firingSignal(
  event: PagerDutyEvent,
  dedupKey: string,
  context: TranslationContext,
): SignalDelivery['firing'][number] {
  const { payload, body } = event;
  const details = detailsOf(payload);
  const { routing_key: _secret, ...kept } = body;
  return {
    type: 'ALERT',
    source,
    summary: clip(String(payload.summary), limits.signalSummary) || 'PagerDuty event',
    severity: clipOrNull(event.severity, limits.name),
    raisesTo: severityIn(context, event.severity),
    ...placeOf(payload),
    data: signalData(kept),
    correlationKey: keyOrNull(details.correlation_key),
    traceId: keyOrNull(details.trace_id),
    fingerprint: keyText(`${dedupKey}:${event.severity?.toLowerCase() ?? ''}`),
    at: event.at,
  };
}

function declaration(
  event: PagerDutyEvent,
  dedupKey: string,
  context: TranslationContext,
): SignalDelivery['declare'] {
  const { payload } = event;
  return {
    title: clipOrNull(payload.summary, limits.title) ?? 'PagerDuty event',
    description: descriptionOf(payload),
    severity: severityIn(context, event.severity),
    source,
    type: clipOrNull(payload.class, limits.name),
    ...placeOf(payload),
    runbook: clipOrNull(detailsOf(payload).runbook_url, limits.reference),
    externalRefs: externalRefs(event.body, dedupKey),
    detectedAt: event.at,
  };
}

/** Where it is: PagerDuty's component is what our service is; the rest people put into the details. */
function placeOf(payload: JsonObject) {
  const details = detailsOf(payload);
  return {
    service: clipOrNull(details.service, limits.name) ?? clipOrNull(payload.component, limits.name),
    environment: clipOrNull(details.environment, limits.name),
    project: clipOrNull(details.project, limits.name),
  };
}

function detailsOf(payload: JsonObject): JsonObject {
  const details = payload.custom_details;
  return isJsonObject(details) ? details : {};
}

function descriptionOf(payload: JsonObject): string {
  const lines = [payload.summary].filter((line): line is string => typeof line === 'string');
  for (const field of ['source', 'component', 'group', 'class']) {
    const value = filled(payload[field]);
    if (value !== null) lines.push(`${field}: ${value}`);
  }
  return clip(lines.join('\n'), limits.description);
}

function externalRefs(body: JsonObject, dedupKey: string): readonly ExternalRef[] {
  const system = clipOrNull(body.client, limits.name) ?? source;
  const url = httpUrlOrNull(body.client_url, limits.reference);
  const refs: ExternalRef[] = [{ system, id: keyText(dedupKey), url }];
  const links = Array.isArray(body.links) ? body.links.slice(0, linkLimit) : [];
  for (const link of links) {
    const href = isJsonObject(link) ? httpUrlOrNull(link.href, limits.reference) : null;
    if (href === null || !isJsonObject(link)) continue;
    refs.push({ system: 'link', id: clipOrNull(link.text, limits.key) ?? keyText(href), url: href });
  }
  return refs;
}

function acknowledgedBy(event: PagerDutyEvent): string | null {
  const client = clipOrNull(event.body.client, limits.name);
  return client === null ? null : `Acknowledged through ${client}.`;
}

function keyOrNull(value: unknown): string | null {
  const text = filled(value);
  return text === null ? null : keyText(text.trim());
}
