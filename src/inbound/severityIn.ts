import { type SeverityReading, severityOfLabel } from '../domain/detection/severityReading.ts';
import type { IncidentSeverity } from '../domain/incident/vocabulary.ts';
import type { TranslationContext } from './translation.ts';

/**
 * What a severity from outside means: what the API key's own list says, else the format's reading of it, else the key's
 * default.
 */
export function severityIn(
  { severityMap = [], defaultSeverity }: TranslationContext,
  text: string | null | undefined,
  reading: SeverityReading = severityOfLabel,
): IncidentSeverity {
  const written = text?.trim().toLowerCase();
  const mapped = severityMap.find((one) => one.text === written);
  return mapped?.severity ?? reading(text, defaultSeverity);
}
