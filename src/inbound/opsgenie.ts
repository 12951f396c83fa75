import type { AlertRequestNote } from '../app/alertBook.ts';
import { severityOfOpsgeniePriority } from '../domain/detection/severityReading.ts';
import { limits } from '../domain/incident/limits.ts';
import type { FieldProblem } from '../domain/refusal.ts';
import { clip, clipOrNull, firstText } from './clip.ts';
import type { Delivered } from './deliver.ts';
import { isJsonObject, type JsonObject } from './fieldReader.ts';
import { dedupKeyOf, keyText } from './keys.ts';
import { severityIn } from './severityIn.ts';
import { signalData } from './signalData.ts';
import { textOf } from './textOf.ts';
import { textual } from './textual.ts';
import type { SignalDelivery, TranslationContext } from './translation.ts';

const source = 'opsgenie';

/** What its requests are called among dead letters. */
export const opsgenieFormat = source;

/** The most tags of an alert that are kept. Source: Opsgenie's own limit. */
const tagLimit = 20;

/** What is wrong with a body, by field, in Opsgenie's words where they are known. */
export type FieldErrors = Readonly<Record<string, string>>;

/** What became of a request, once it is known; `worked` is what its status tells. */
export type Worked =
  | ({ readonly kind: 'worked' } & Omit<AlertRequestNote, 'requestId'>)
  | { readonly kind: 'invalid'; readonly errors: FieldErrors }
  | Exclude<Delivered, { readonly kind: 'committed' | 'refused' }>;

/** What every dedup key of this API key's alerts begins with. */
export function alertKeyPrefix(apiKeyId: string): string {
  return dedupKeyOf(source, apiKeyId, '');
}

/** The dedup key of an alert: one incident per (API key, alias). */
export function alertKeyOf(apiKeyId: string, alias: string): string {
  return dedupKeyOf(source, apiKeyId, alias);
}

/** A text that is not blank, without the spaces around it, or a number as one; null for anything else. */
export function filled(value: unknown): string | null {
  const text = textual(value);
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null;
}

/** What is wrong with an alert to be created; null when nothing is. What is merely too long is cut, never refused. */
export function alertErrors(body: JsonObject): FieldErrors | null {
  const errors = {
    ...(filled(body.message) === null ? { message: 'Message can not be empty.' } : null),
    ...priorityError(body.priority, false),
  };
  return Object.keys(errors).length === 0 ? null : errors;
}

/** Field errors as problems of a body. */
export function problemsIn(errors: FieldErrors): readonly FieldProblem[] {
  return Object.entries(errors).map(([field, message]) => ({ path: [field], message }));
}

/** What is wrong with a priority, as a field of {@link FieldErrors}. */
export function priorityError(priority: unknown, isRequired: boolean): FieldErrors | null {
  const text = filled(priority);
  if (text === null && priority == null && !isRequired) return null;
  const isOne = text !== null && /^P[1-5]$/i.test(text);
  return isOne ? null : { priority: 'Priority should be one of [ P1, P2, P3, P4, P5 ]' };
}

/**
 * Translates an alert to be created. One of the same alias is counted, one of a higher priority joins as a signal of
 * its own and may raise the incident. Source: https://docs.opsgenie.com/docs/alert-api
 */
export function opsgenie(body: JsonObject, alias: string, context: TranslationContext): SignalDelivery {
  const severity = severityIn(context, filled(body.priority), severityOfOpsgeniePriority);
  return {
    dedupKey: alertKeyOf(context.apiKeyId, alias),
    declare: declaration(body, alias, severity),
    firing: [firingSignal(body, alias, severity)],
    cleared: [],
    severity,
    resolve: false,
  };
}

function firingSignal(
  body: JsonObject,
  alias: string,
  severity: SignalDelivery['declare']['severity'],
): SignalDelivery['firing'][number] {
  const details = detailsOf(body);
  return {
    type: 'ALERT',
    source,
    summary: clip(String(body.message), limits.signalSummary) || nameless,
    severity: clipOrNull(body.priority, limits.name),
    raisesTo: severity,
    ...placeOf(details),
    data: signalData({ ...body, alias }),
    correlationKey: keyOrNull(details.correlation_key),
    traceId: keyOrNull(details.trace_id),
    fingerprint: keyText(`${alias}:${severity}`),
    at: null,
  };
}

function declaration(
  body: JsonObject,
  alias: string,
  severity: SignalDelivery['declare']['severity'],
): SignalDelivery['declare'] {
  const details = detailsOf(body);
  return {
    title: clip(String(body.message), limits.title) || nameless,
    description: clip(descriptionOf(body, details), limits.description),
    severity,
    source,
    ...placeOf(details),
    tags: tagsOf(body.tags),
    runbook: clipOrNull(details.runbook_url ?? details.runbook, limits.reference),
    externalRefs: [{ system: source, id: keyText(alias), url: null }],
  };
}

const nameless = 'Alert from Opsgenie';

/** Tags as an incident keeps them: each once, cut to what a tag may have. */
export function tagsOf(tags: unknown): readonly string[] {
  if (!Array.isArray(tags)) return [];
  const kept = tags.flatMap((tag) => clipOrNull(tag, limits.tag) ?? []);
  return [...new Set(kept)].slice(0, tagLimit);
}

/** `details`, or none where it is no object. */
export function detailsOf({ details }: JsonObject): JsonObject {
  return isJsonObject(details) ? details : {};
}

/** Where it is, by the details that people use for that. */
function placeOf(details: JsonObject) {
  return {
    service: clipOrNull(details.service, limits.name),
    environment: clipOrNull(details.environment ?? details.env, limits.name),
    project: clipOrNull(details.project, limits.name),
  };
}

function descriptionOf(body: JsonObject, details: JsonObject): string {
  const lines = ['entity', 'source'].flatMap((field) => {
    const text = filled(body[field]);
    return text === null ? [] : [`${field}: ${text}`];
  });
  const pairs = Object.entries(details).map(([name, value]) => `${name}=${textOf(value)}`);
  const parts = [
    firstText([textOf(body.description ?? '')], limits.description, ''),
    lines.join('\n'),
    pairs.length === 0 ? '' : `Details: ${pairs.join(', ')}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function keyOrNull(value: unknown): string | null {
  const text = filled(value);
  return text === null ? null : keyText(text);
}
