import { type IncidentSeverity, severities } from '../incident/vocabulary.ts';

/** Whether `severity` is more severe than `other`; false when they are equal. */
export function isMoreSevere(severity: IncidentSeverity, other: IncidentSeverity): boolean {
  return severities.indexOf(severity) < severities.indexOf(other);
}

/** The most severe of them; null of none. */
export function mostSevere(among: Iterable<IncidentSeverity>): IncidentSeverity | null {
  let most: IncidentSeverity | null = null;
  for (const severity of among) {
    if (most === null || isMoreSevere(severity, most)) most = severity;
  }
  return most;
}
