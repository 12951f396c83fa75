import { clipText } from '../clipText.ts';

/** Labels by name; of two of one name the first counts. */
export type Labels = ReadonlyMap<string, string>;

/** Where senders put labels: Alertmanager and Grafana, PagerDuty, Opsgenie, and whoever sends tags. */
const places = ['labels', 'custom_details', 'details', 'tags'] as const;

/** The longest name and value, in UTF-16 units: what is longer is no label, and patterns would be slow on it. */
const longest = 1_000;

/**
 * The labels in a signal's data (JSON text): the simple values of `labels`, `custom_details`, `details` and `tags`, at
 * the top or in `payload`; tags may be `name:value` texts. Of a value longer than 1,000 characters, its beginning; a name
 * that long is left out. None when it holds none, or is no JSON.
 */
export function labelsOf(json: string | null | undefined): Labels {
  const labels = new Map<string, string>();
  const data = parsed(json);
  for (const part of [data, isObject(data) ? data.payload : undefined]) {
    if (!isObject(part)) continue;
    for (const place of places) collect(labels, part[place]);
  }
  return labels;
}

function collect(labels: Map<string, string>, value: unknown): void {
  if (typeof value === 'string') collect(labels, value.split(','));
  else if (Array.isArray(value)) {
    for (const tag of value) {
      if (typeof tag !== 'string') continue;
      const end = tag.search(/[:=]/);
      const name = tag.slice(0, Math.max(end, 0)).trimStart();
      if (name !== '') add(labels, name, tag.slice(end + 1).trimEnd());
    }
  } else if (isObject(value)) {
    for (const [name, text] of Object.entries(value)) add(labels, name, text);
  }
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
