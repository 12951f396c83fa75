import { mostSevere } from '../domain/detection/mostSevere.ts';
import { limits } from '../domain/incident/limits.ts';
import { signalsPerCommandLimit } from '../domain/incident/receiveSignals.ts';
import type { ExternalRef } from '../domain/incident/state.ts';
import type { Instant } from '../domain/instant.ts';
import type { Alert, AlertGroup, Texts } from './alertGroup.ts';
import { clip, clipOrNull, firstText } from './clip.ts';
import { dedupKeyOf, keyText } from './keys.ts';
import { severityIn } from './severityIn.ts';
import { signalData } from './signalData.ts';
import type { SignalDelivery, TranslationContext } from './translation.ts';

/** Stands for the alerts that a delivery left out, so that they count as firing until the group is resolved. */
const truncatedFingerprint = 'truncated';

/** In what the senders of alert groups differ. */
export interface AlertDialect {
  /** What incidents and signals name as their source; also keeps their dedup keys apart. */
  readonly source: string;
  /** The title of an alert that has no name at all. */
  readonly nameless: string;
  /** The group's own title, before it is made up from labels. */
  readonly titleOf: (group: AlertGroup) => string | undefined;
  /** Why alerts are left out, for the signal that stands for them. */
  readonly leftOutBy: string;
  /** Where the group can be looked at; `first` is the first alert that fires. */
  readonly externalRefs: (group: AlertGroup, first: Alert | undefined) => readonly ExternalRef[];
}

/**
 * The commands of one delivery of an alert group: one incident per (API key, group key), one signal per fingerprint. A
 * delivery of more than 64 alerts becomes several commands, what fires first, and only the last says that the group is
 * resolved.
 */
export function alertCommands(
  group: AlertGroup,
  dialect: AlertDialect,
  context: TranslationContext,
): readonly SignalDelivery[] {
  const firing = [
    ...group.alerts.filter((alert) => alert.firing).map((alert) => firingSignal(alert, dialect, context)),
    ...truncatedSignal(group, dialect),
  ];
  const cleared = group.alerts
    .filter((alert) => !alert.firing)
    .map((alert) => ({ fingerprint: alert.fingerprint, at: endOf(alert), beganAt: alert.startsAt }));
  const ends = cleared.flatMap(({ at }) => at ?? []);
  const severity = mostSevere(firing.flatMap((signal) => signal.raisesTo ?? []));
  const atDeclaration = severity ?? severityIn(context, null);
  return split({
    dedupKey: dedupKeyOf(dialect.source, context.apiKeyId, group.key),
    declare: declaration(group, dialect, atDeclaration),
    firing,
    cleared,
    severity,
    resolve: group.resolved && firing.length === 0,
    // One that does not say when it ended may have ended last.
    resolvedAt: ends.length === cleared.length ? (ends.toSorted().at(-1) ?? null) : null,
  });
}

function firingSignal(
  alert: Alert,
  { source, nameless }: AlertDialect,
  context: TranslationContext,
): SignalDelivery['firing'][number] {
  const { labels, annotations } = alert;
  const { summary, description, message } = annotations;
  return {
    type: 'ALERT',
    source,
    summary: firstText([summary, description, message, labels.alertname], limits.signalSummary, nameless),
    severity: clipOrNull(labels.severity, limits.name),
    raisesTo: severityIn(context, labels.severity),
    ...placeOf(labels),
    data: signalData(alert.raw),
    correlationKey: keyOrNull(labels.correlation_key ?? annotations.correlation_key),
    traceId: keyOrNull(labels.trace_id ?? annotations.trace_id),
    fingerprint: alert.fingerprint,
    at: alert.startsAt,
    beganAt: alert.startsAt,
  };
}

/** When it ended; null when that is not said, or lies before its beginning, as where nobody has set it. */
function endOf({ startsAt, endsAt }: Alert): Instant | null {
  return endsAt !== null && startsAt !== null && endsAt < startsAt ? null : endsAt;
}

function truncatedSignal(
  group: AlertGroup,
  { source, leftOutBy }: AlertDialect,
): readonly SignalDelivery['firing'][number][] {
  if (group.truncated === 0 || group.resolved) return [];
  return [
    {
      type: 'ALERT',
      source,
      summary: `${group.truncated} more alerts of this group were left out by ${leftOutBy}.`,
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
  group: AlertGroup,
  dialect: AlertDialect,
  severity: SignalDelivery['declare']['severity'],
): SignalDelivery['declare'] {
  const { commonLabels, commonAnnotations } = group;
  const firing = group.alerts.filter((alert) => alert.firing);
  const starts = firing.flatMap((alert) => alert.startsAt ?? []).sort();
  const titles = [commonAnnotations.summary, dialect.titleOf(group)];
  return {
    title: firstText(titles, limits.title, groupName(group, dialect.nameless)),
    description: descriptionOf(group),
    severity,
    source: dialect.source,
    ...placeOf(commonLabels),
    runbook: clipOrNull(commonAnnotations.runbook_url ?? commonAnnotations.runbook, limits.reference),
    externalRefs: dialect.externalRefs(group, firing[0]),
    detectedAt: starts[0] ?? null,
  };
}

/** `HighErrorRate (cluster=eu-1)`: what the alerts of a group have in common when no summary does. */
function groupName(group: AlertGroup, nameless: string): string {
  const { commonLabels, groupLabels, alerts } = group;
  const names = [groupLabels.alertname, commonLabels.alertname, alerts[0]?.labels.alertname];
  const name = firstText(names, limits.title, nameless);
  const others = pairs(groupLabels).filter((pair) => !pair.startsWith('alertname='));
  return clip(others.length === 0 ? name : `${name} (${others.join(', ')})`, limits.title);
}

function pairs(labels: Texts): readonly string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`);
}

function descriptionOf(group: AlertGroup): string {
  const labels = pairs(group.commonLabels);
  const parts = [
    group.commonAnnotations.description ?? group.commonAnnotations.message ?? '',
    labels.length === 0 ? '' : `Labels: ${labels.join(', ')}`,
  ];
  return clip(parts.filter((part) => part.trim() !== '').join('\n\n'), limits.description);
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
