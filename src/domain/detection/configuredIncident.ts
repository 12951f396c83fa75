import type { IngestConfiguration } from './ingestConfiguration.ts';
import { type IncidentReport, severityOfSync } from './syncedIncident.ts';

/**
 * An incident as the key it came with is configured: where it names no service, project or environment, the key's; its
 * severity by the key's list, else by its own word, else the key's default. A severity that nothing reads stays as it is
 * written, to be refused.
 */
export function configuredIncident(
  incident: IncidentReport,
  configuration: IngestConfiguration | undefined,
): IncidentReport {
  if (configuration === undefined) return incident;
  const { service, project, environment, severityMap, defaultSeverity } = configuration;
  const written = incident.severity.trim().toLowerCase();
  const mapped = severityMap.find(({ text }) => text === written)?.severity;
  return {
    ...incident,
    service: given(incident.service) ?? service,
    project: given(incident.project) ?? project,
    environment: given(incident.environment) ?? environment,
    severity: mapped ?? severityOfSync(written) ?? defaultSeverity ?? incident.severity,
  };
}

function given(text: string | null | undefined): string | null {
  return text == null || text.trim() === '' ? null : text;
}
