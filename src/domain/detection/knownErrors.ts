import type { IncidentSeverity } from '../incident/vocabulary.ts';
import { levelOfError, type ReportedError } from './errorReport.ts';
import { isMoreSevere } from './mostSevere.ts';

/** What tells errors of one organization apart: their source and their id. No text that is kept holds U+0000. */
export function errorKey({ source, errorId }: Pick<ReportedError, 'source' | 'errorId'>): string {
  return `${source}\0${errorId}`;
}

/**
 * Errors that were reported, each with the most severe level it was reported under. Told again under that level or a lower
 * one it is known; under a higher one it is judged anew, so that HIGH and CRITICAL always become or join an incident.
 */
export class KnownErrors {
  readonly #levels = new Map<string, IncidentSeverity>();

  constructor(errors: Iterable<Pick<ReportedError, 'source' | 'errorId' | 'severity'>> = []) {
    for (const error of errors) this.add(error);
  }

  /** Whether it was reported under its level, or a more severe one. */
  has(error: Pick<ReportedError, 'source' | 'errorId' | 'severity'>): boolean {
    const known = this.#levels.get(errorKey(error));
    return known !== undefined && !isMoreSevere(levelOfError(error), known);
  }

  add(error: Pick<ReportedError, 'source' | 'errorId' | 'severity'>): void {
    this.addUnder(levelOfError(error), error);
  }

  addUnder(level: IncidentSeverity, error: Pick<ReportedError, 'source' | 'errorId'>): void {
    const key = errorKey(error);
    const known = this.#levels.get(key);
    if (known === undefined || isMoreSevere(level, known)) this.#levels.set(key, level);
  }
}
