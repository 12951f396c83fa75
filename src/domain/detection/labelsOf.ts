import { clipText } from '../clipText.ts';

/** Labels by name; of two of one name the first counts. */
export type Labels = ReadonlyMap<string, string>;

/** Where senders put labels: Alertmanager and Grafana, PagerDuty, Opsgenie, whoever sends tags, as Sentry, and CloudWatch. */
const places = ['labels', 'custom_details', 'details', 'tags', 'Dimensions'] as const;

/** The longest name and value, in UTF-16 units: what is longer is no label, and patterns would be slow on it. */
const longest = 1_000;

/**
 * The labels in a signal's data (JSON text): the simple values of `labels`, `custom_details`, `details`, `tags` and
 * the `Dimensions` of an alarm (and of each metric it calculates with), at the top, in `payload` or in `Trigger`; in a
 * list they may be `name:value` texts, pairs, or objects that say `key` (or `name`) and `value`. Of a value longer than
 * 1,000 characters, its beginning; a name that long is left out. None when it holds none, or is no JSON.
 */
export function labelsOf(json: string | null | undefined): Labels {
  const labels = new Map<string, string>();
  const data = parsed(json);
  for (const part of isObject(data) ? [data, data.payload, data.Trigger, ...metricsOf(data.Trigger)] : []) {
    if (!isObject(part)) continue;
    for (const place of places) collect(labels, part[place]);
  }
  return labels;
}

/** The metrics of an alarm on an expression. Source: the payload of CloudWatch's alarms, `Trigger.Metrics[].MetricStat`. */
function metricsOf(trigger: unknown): readonly unknown[] {
  const metrics = isObject(trigger) && Array.isArray(trigger.Metrics) ? trigger.Metrics : [];
  return metrics.map((one) => isObject(one) && isObject(one.MetricStat) && one.MetricStat.Metric);
}

function collect(labels: Map<string, string>, value: unknown): void {
  if (typeof value === 'string') collect(labels, value.split(','));
  else if (Array.isArray(value)) {
    for (const tag of value) {
      const [name, text] = pairOf(tag);
      if (typeof name === 'string' && name !== '') add(labels, name, text);
    }
  } else if (isObject(value)) {
    for (const [name, text] of Object.entries(value)) add(labels, name, text);
  }
}

/** One of a list: a text, as most write it, or what Sentry has in an event (a pair) and in an issue (an object). */
function pairOf(tag: unknown): readonly unknown[] {
  if (Array.isArray(tag)) return tag;
  if (isObject(tag)) return [tag.key ?? tag.name, tag.value];
  if (typeof tag !== 'string') return [];
  const end = tag.search(/[:=]/);
  return [tag.slice(0, Math.max(end, 0)).trimStart(), tag.slice(end + 1).trimEnd()];
}

function add(labels: Map<string, string>, name: string, value: unknown): void {
  const isSimple = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  if (isSimple && name.length <= longest && !labels.has(name))
    labels.set(name, clipText(String(value), longest));
}

function parsed(json: string | null | undefined): unknown {
  if (json == null) return null;
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
