import type { IncidentSeverity } from '../incident/vocabulary.ts';
import { type ErrorReport, type ErrorSeverity, errorSeverities, isGrave } from './errorReport.ts';
import type { IngestConfiguration, SeverityMapping } from './ingestConfiguration.ts';

const severityOfLevel: Readonly<Record<IncidentSeverity, ErrorSeverity>> = {
  SEV1: 'CRITICAL',
  SEV2: 'HIGH',
  SEV3: 'MEDIUM',
  SEV4: 'LOW',
};

/**
 * An error as the key it came with is configured: where it names no source, service, project or environment, the key's;
 * its severity by the key's list, else by its own word, else the key's default. Whatever the list says, HIGH and CRITICAL
 * stay HIGH at least: they always become or join an incident. A severity that nothing reads stays as it is written.
 */
export function configuredError(
  error: ErrorReport,
  configuration: IngestConfiguration | undefined,
): ErrorReport {
  if (configuration === undefined) return error;
  const { source, service, project, environment, severityMap, defaultSeverity } = configuration;
  const fallback = defaultSeverity === null ? (error.severity ?? null) : severityOfLevel[defaultSeverity];
  return {
    ...error,
    source: given(error.source) ?? source,
    component: given(error.component) ?? service,
    project: given(error.project) ?? project,
    environment: given(error.environment) ?? environment,
    severity: mapped(error.severity, severityMap) ?? errorSeverityIn(error.severity) ?? fallback,
  };
}

/** The severity that this text names, in any case; null when it names none. */
export function errorSeverityIn(text: string | null | undefined): ErrorSeverity | null {
  const written = text?.trim().toUpperCase();
  return errorSeverities.find((one) => one === written) ?? null;
}

function mapped(text: string | null | undefined, map: readonly SeverityMapping[]): ErrorSeverity | null {
  const written = text?.trim().toLowerCase();
  const found = map.find((one) => one.text === written);
  if (found === undefined) return null;
  const severity = severityOfLevel[found.severity];
  const own = errorSeverityIn(text);
  return own !== null && isGrave({ severity: own }) && !isGrave({ severity }) ? 'HIGH' : severity;
}

function given(text: string | null | undefined): string | null {
  return text == null || text.trim() === '' ? null : text;
}
