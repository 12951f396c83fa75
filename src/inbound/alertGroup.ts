import { limits } from '../domain/incident/limits.ts';
import type { Instant } from '../domain/instant.ts';
import { clipOrNull, httpUrlOrNull } from './clip.ts';
import { type FieldReader, isJsonObject, type JsonObject } from './fieldReader.ts';
import { keyText, sha256 } from './keys.ts';

/** Labels or annotations. */
export type Texts = Readonly<Record<string, string>>;

/** One alert of a group. */
export interface Alert {
  readonly raw: JsonObject;
  readonly firing: boolean;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly startsAt: Instant | null;
  readonly endsAt: Instant | null;
  readonly generatorUrl: string | null;
  readonly fingerprint: string;
}

/** A delivery of one group of alerts, as Alertmanager and Grafana write it. */
export interface AlertGroup {
  readonly key: string;
  readonly resolved: boolean;
  readonly receiver: string | null;
  readonly alerts: readonly Alert[];
  /** Alerts that were left out of the delivery. */
  readonly truncated: number;
  readonly groupLabels: Texts;
  readonly commonLabels: Texts;
  readonly commonAnnotations: Texts;
  readonly externalUrl: string | null;
}

/** Reads a delivery of one of these versions; what is wrong with it is noted in the reader. */
export function readAlertGroup(
  reader: FieldReader,
  body: unknown,
  versions: readonly [string, ...string[]],
): AlertGroup {
  const group = reader.object([], body);
  if (!isJsonObject(body)) return readNothing;
  reader.oneOf(['version'], group.version, versions);
  return {
    key: reader.text(['groupKey'], group.groupKey),
    resolved: reader.oneOf(['status'], group.status, ['firing', 'resolved']) === 'resolved',
    receiver: clipOrNull(group.receiver, limits.name),
    alerts: reader.list(['alerts'], group.alerts).map((alert, index) => readAlert(reader, alert, index)),
    truncated: readCount(reader, ['truncatedAlerts'], group.truncatedAlerts),
    groupLabels: reader.texts(['groupLabels'], group.groupLabels),
    commonLabels: reader.texts(['commonLabels'], group.commonLabels),
    commonAnnotations: reader.texts(['commonAnnotations'], group.commonAnnotations),
    externalUrl: httpUrlOrNull(group.externalURL, limits.reference),
  };
}

const readNothing: AlertGroup = {
  key: '',
  resolved: false,
  receiver: null,
  alerts: [],
  truncated: 0,
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  externalUrl: null,
};

function readAlert(reader: FieldReader, value: unknown, index: number): Alert {
  const path = ['alerts', String(index)];
  const raw = reader.object(path, value);
  const labels = reader.texts([...path, 'labels'], raw.labels);
  const { fingerprint } = raw;
  if (fingerprint !== undefined) reader.text([...path, 'fingerprint'], fingerprint);
  return {
    raw,
    firing: reader.oneOf([...path, 'status'], raw.status, ['firing', 'resolved']) === 'firing',
    labels,
    annotations: reader.texts([...path, 'annotations'], raw.annotations),
    startsAt: reader.instant([...path, 'startsAt'], raw.startsAt),
    endsAt: reader.instant([...path, 'endsAt'], raw.endsAt),
    generatorUrl: httpUrlOrNull(raw.generatorURL, limits.reference),
    // Alertmanager before 0.19 sent none; the labels are what makes an alert the same alert.
    fingerprint: typeof fingerprint === 'string' ? keyText(fingerprint) : fingerprintOf(labels),
  };
}

function fingerprintOf(labels: Texts): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify(sorted)).slice(0, 16);
}

function readCount(reader: FieldReader, path: readonly string[], value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  reader.note(path, 'A whole number is expected.');
  return 0;
}
