import type { IncidentSeverity } from '../incident/vocabulary.ts';

/** What a text that is on no list reads as, unless the API key says otherwise. Source: rules.md, Severity. */
const defaultSeverity: IncidentSeverity = 'SEV3';

/** How one vocabulary of severities reads as ours. Compared trimmed and without case; unknown or absent → `fallback`. */
export type SeverityReading = (
  text: string | null | undefined,
  fallback?: IncidentSeverity,
) => IncidentSeverity;

const reportedErrors: Readonly<Record<string, IncidentSeverity>> = {
  p0: 'SEV1',
  p1: 'SEV2',
  p2: 'SEV3',
  critical: 'SEV1',
  high: 'SEV2',
  medium: 'SEV3',
  low: 'SEV4',
};

const opsgeniePriorities: Readonly<Record<string, IncidentSeverity>> = {
  p1: 'SEV1',
  p2: 'SEV2',
  p3: 'SEV3',
  p4: 'SEV4',
  p5: 'SEV4',
};

const labels: Readonly<Record<string, IncidentSeverity>> = {
  critical: 'SEV1',
  page: 'SEV1',
  error: 'SEV2',
  high: 'SEV2',
  warning: 'SEV3',
  medium: 'SEV3',
  info: 'SEV4',
  low: 'SEV4',
};

const sentryLevels: Readonly<Record<string, IncidentSeverity>> = {
  ...labels,
  fatal: 'SEV1',
  debug: 'SEV4',
};

/** P0, P1, P2 and CRITICAL, HIGH, MEDIUM, LOW of a reported error. Source: rules.md, Severity. */
export const severityOfReportedError: SeverityReading = reading(reportedErrors);

/** P1 … P5 of Opsgenie, where P1 is the worst (a reported error's P1 is not). Source: rules.md, Severity. */
export const severityOfOpsgeniePriority: SeverityReading = reading(opsgeniePriorities);

/** PagerDuty's severities and what people write into a `severity` label. Source: rules.md, Severity. */
export const severityOfLabel: SeverityReading = reading(labels);

/** Sentry's levels of an event and triggers of a metric alert: fatal and critical are the worst. */
export const severityOfSentryLevel: SeverityReading = reading(sentryLevels);

function reading(table: Readonly<Record<string, IncidentSeverity>>): SeverityReading {
  const known = new Map(Object.entries(table));
  return (text, fallback = defaultSeverity) => known.get(text?.trim().toLowerCase() ?? '') ?? fallback;
}
