import type { ArrivedChange } from '../app/changeBook.ts';
import { limits } from '../domain/incident/limits.ts';
import type { FieldProblem } from '../domain/refusal.ts';
import { clip, clipOrNull, httpUrlOrNull } from './clip.ts';
import { FieldReader, isJsonObject, type JsonObject } from './fieldReader.ts';
import { signalData } from './signalData.ts';

/** PagerDuty's own bound of a change's summary, in characters. */
const summaryLimit = 1_024;

/** The most links of a change that are kept. */
const linkLimit = 10;

/** A change event that is as it should be, and the API key it came with. */
export interface PagerDutyChange {
  readonly routingKey: string;
  readonly change: ArrivedChange;
}

/**
 * Reads a change event of PagerDuty's Events API v2. Problems are worded as PagerDuty words them; a summary that is too
 * long is cut. Source: https://developer.pagerduty.com/docs/send-change-events
 */
export function readPagerDutyChange(
  body: unknown,
): PagerDutyChange | { readonly problems: readonly FieldProblem[] } {
  if (!isJsonObject(body)) return { problems: [{ path: [], message: 'The body is not a JSON object' }] };
  const problems: FieldProblem[] = [];
  const note = (path: string, what: string) =>
    problems.push({ path: path.split('.'), message: `'${path}' ${what}` });
  const { routing_key: routingKey, ...sent } = body;
  if (!isFilled(routingKey)) note('routing_key', 'is missing or blank');
  const payload = isJsonObject(body.payload) ? body.payload : {};
  if (!isJsonObject(body.payload)) {
    note('payload', body.payload == null ? 'is missing or blank' : 'is not an object');
  } else if (!isFilled(payload.summary)) note('payload.summary', 'is missing or blank');
  const reader = new FieldReader();
  const at = reader.instant(['payload', 'timestamp'], payload.timestamp);
  if (reader.problems.length > 0) note('payload.timestamp', 'is invalid (must be ISO 8601)');
  if (problems.length > 0 || !isFilled(routingKey)) return { problems };
  const details = isJsonObject(payload.custom_details) ? payload.custom_details : null;
  return {
    routingKey,
    change: {
      at,
      source: clipOrNull(payload.source, limits.name),
      service: clipOrNull(details?.service ?? details?.component, limits.name),
      environment: clipOrNull(details?.environment ?? details?.env, limits.name),
      summary: clip(String(payload.summary), summaryLimit) || 'A change',
      details: details === null ? null : signalData(details).json,
      links: JSON.stringify(linksOf(body)),
      sent: JSON.stringify(sent),
    },
  };
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function linksOf({ links }: JsonObject): readonly { readonly href: string; readonly text: string | null }[] {
  if (!Array.isArray(links)) return [];
  return links.slice(0, linkLimit).flatMap((link: unknown) => {
    const href = isJsonObject(link) ? httpUrlOrNull(link.href, limits.reference) : null;
    return href === null || !isJsonObject(link) ? [] : [{ href, text: clipOrNull(link.text, limits.label) }];
  });
}
