import { mostSevere } from '../domain/detection/mostSevere.ts';
import { severityOfLabel } from '../domain/detection/severityReading.ts';
import { limits } from '../domain/incident/limits.ts';
import { signalsPerCommandLimit } from '../domain/incident/receiveSignals.ts';
import type { ExternalRef } from '../domain/incident/state.ts';
import type { Instant } from '../domain/instant.ts';
import { clip, clipOrNull, firstText, httpUrlOrNull } from './clip.ts';
import { FieldReader, isJsonObject, type JsonObject } from './fieldReader.ts';
import { dedupKeyOf, keyText, sha256 } from './keys.ts';
import { signalData } from './signalData.ts';
import type { SignalDelivery, Translation, TranslationContext } from './translation.ts';

const source = 'alertmanager';

/** Stands for the alerts that Alertmanager's `max_alerts` left out, so that they count as firing until the group is resolved. */
const truncatedFingerprint = 'truncated';

type Texts = Readonly<Record<string, string>>;

interface Alert {
  readonly raw: JsonObject;
  readonly firing: boolean;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly startsAt: Instant | null;
  readonly endsAt: Instant | null;
  readonly generatorUrl: string | null;
  readonly fingerprint: string;
}

interface Group {
  readonly key: string;
  readonly resolved: boolean;
  readonly receiver: string | null;
  readonly alerts: readonly Alert[];
  readonly truncated: number;
  readonly groupLabels: Texts;
  readonly commonLabels: Texts;
  readonly commonAnnotations: Texts;
  readonly externalUrl: string | null;
}

/**
 * Translates a delivery of Alertmanager's webhook, version 4: one incident per (API key, group key), one signal per
 * alert fingerprint. A delivery of more than 64 alerts becomes several commands, what fires first, and only the last
 * says that the group is resolved. Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export function alertmanager(body: unknown, context: TranslationContext): Translation {
  const reader = new FieldReader();
  const group = readGroup(reader, body);
  if (reader.problems.length > 0) return { problems: reader.problems };
  const firing = [
    ...group.alerts.filter((alert) => alert.firing).map((alert) => firingSignal(alert, context)),
    ...truncatedSignal(group),
  ];
  const cleared = group.alerts
    .filter((alert) => !alert.firing)
    .map((alert) => ({ fingerprint: alert.fingerprint, at: alert.endsAt }));
  const severity = mostSevere(firing.flatMap((signal) => signal.raisesTo ?? []));
  const whole: SignalDelivery = {
    dedupKey: dedupKeyOf(source, context.apiKeyId, group.key),
    declare: declaration(group, severity ?? severityOfLabel(null, context.defaultSeverity)),
    firing,
    cleared,
    severity,
    resolve: group.resolved && firing.length === 0,
  };
  return { commands: split(whole) };
}

function readGroup(reader: FieldReader, body: unknown): Group {
  const group = reader.object([], body);
  if (!isJsonObject(body)) return readNothing;
  reader.oneOf(['version'], group.version, ['4']);
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

const readNothing: Group = {
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

function firingSignal(alert: Alert, context: TranslationContext): SignalDelivery['firing'][number] {
  const { labels, annotations } = alert;
  const { summary, description, message } = annotations;
  return {
    type: 'ALERT',
    source,
    summary: firstText([summary, description, message, labels.alertname], limits.signalSummary, nameless),
    severity: clipOrNull(labels.severity, limits.name),
    raisesTo: severityOfLabel(labels.severity, context.defaultSeverity),
    ...placeOf(labels),
    data: signalData(alert.raw),
    correlationKey: keyOrNull(labels.correlation_key ?? annotations.correlation_key),
    traceId: keyOrNull(labels.trace_id ?? annotations.trace_id),
    fingerprint: alert.fingerprint,
    at: alert.startsAt,
  };
}

function truncatedSignal(group: Group): readonly SignalDelivery['firing'][number][] {
  if (group.truncated === 0 || group.resolved) return [];
  return [
    {
      type: 'ALERT',
      source,
      summary: `${group.truncated} more alerts of this group were left out by Alertmanager (max_alerts).`,
      raisesTo: 'SEV4',
      fingerprint: truncatedFingerprint,
      data: signalData({ truncatedAlerts: group.truncated, groupKey: group.key }),
    },
  ];
}

/** Where it is, by the labels that people use for that. */
function placeOf(labels: Texts) {
  return {
    service: clipOrNull(labels.service, limits.name),
    environment: clipOrNull(labels.environment ?? labels.env, limits.name),
    project: clipOrNull(labels.project, limits.name),
  };
}

function keyOrNull(text: string | undefined): string | null {
  return text === undefined || text.trim() === '' ? null : keyText(text.trim());
}

function declaration(
  group: Group,
  severity: SignalDelivery['declare']['severity'],
): SignalDelivery['declare'] {
  const { commonLabels, commonAnnotations } = group;
  const firing = group.alerts.filter((alert) => alert.firing);
  const starts = firing.flatMap((alert) => alert.startsAt ?? []).sort();
  return {
    title: firstText([commonAnnotations.summary], limits.title, groupName(group)),
    description: descriptionOf(group),
    severity,
    source,
    ...placeOf(commonLabels),
    runbook: clipOrNull(commonAnnotations.runbook_url ?? commonAnnotations.runbook, limits.reference),
    externalRefs: externalRefs(group, firing[0]),
    detectedAt: starts[0] ?? null,
  };
}

const nameless = 'Alert from Alertmanager';

/** `HighErrorRate (cluster=eu-1)`: what the alerts of a group have in common when no summary does. */
function groupName(group: Group): string {
  const { commonLabels, groupLabels, alerts } = group;
  const names = [groupLabels.alertname, commonLabels.alertname, alerts[0]?.labels.alertname];
  const name = firstText(names, limits.title, nameless);
  const others = pairs(groupLabels).filter((pair) => !pair.startsWith('alertname='));
  return clip(others.length === 0 ? name : `${name} (${others.join(', ')})`, limits.title);
}

function pairs(labels: Texts): readonly string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`);
}

function descriptionOf(group: Group): string {
  const labels = pairs(group.commonLabels);
  const parts = [
    group.commonAnnotations.description ?? group.commonAnnotations.message ?? '',
    labels.length === 0 ? '' : `Labels: ${labels.join(', ')}`,
  ];
  return clip(parts.filter((part) => part.trim() !== '').join('\n\n'), limits.description);
}

function externalRefs(group: Group, first: Alert | undefined): readonly ExternalRef[] {
  const refs: ExternalRef[] = [
    { system: source, id: keyText(group.key), url: alertsUrl(group.externalUrl, group.receiver) },
  ];
  if (first?.generatorUrl != null) {
    refs.push({ system: 'prometheus', id: first.fingerprint, url: first.generatorUrl });
  }
  return refs;
}

/** Alertmanager's own page of the receiver's alerts. */
function alertsUrl(externalUrl: string | null, receiver: string | null): string | null {
  if (externalUrl === null || receiver === null) return externalUrl;
  const page = `${externalUrl.replace(/\/$/, '')}/#/alerts?receiver=${encodeURIComponent(receiver)}`;
  return httpUrlOrNull(page, limits.reference);
}

/** At most 64 signals and clears a command, what fires first, so that no part finds everything cleared too early. */
function split(whole: SignalDelivery): readonly SignalDelivery[] {
  const { firing, cleared } = whole;
  const size = firing.length + cleared.length;
  if (size === 0) return whole.resolve === true ? [whole] : [];
  const commands: SignalDelivery[] = [];
  for (let start = 0; start < size; start += signalsPerCommandLimit) {
    const end = start + signalsPerCommandLimit;
    commands.push({
      ...whole,
      firing: firing.slice(start, end),
      cleared: cleared.slice(Math.max(0, start - firing.length), Math.max(0, end - firing.length)),
      resolve: whole.resolve === true && end >= size,
    });
  }
  return commands;
}
