import type { IncidentRole, IncidentSeverity } from '../incident/vocabulary.ts';

/** What becomes of a signal that has no incident yet. */
export const detectionOutcomes = ['DECLARE', 'ATTACH_ONLY', 'DROP'] as const;
export type DetectionOutcome = (typeof detectionOutcomes)[number];

/** A label a signal must have; `pattern` may hold `*` for any text and is compared without case. */
export interface LabelCondition {
  readonly name: string;
  readonly pattern: string;
}

/** Which signals are meant: all of these at once. A list means any of it; null leaves the condition out. */
export interface SignalConditions {
  /** Patterns of sources, services and environments: `*` stands for any text, compared without case. */
  readonly sources: readonly string[] | null;
  readonly services: readonly string[] | null;
  readonly environments: readonly string[] | null;
  readonly severities: readonly IncidentSeverity[] | null;
  /** All of them must be there. */
  readonly labels: readonly LabelCondition[] | null;
  /** Texts of which one must be in title, summary or description, compared without case. */
  readonly text: readonly string[] | null;
}

/** One rule of detection. Its name is unique in the policy, 1–80 characters. */
export interface DetectionRule extends SignalConditions {
  readonly name: string;
  readonly outcome: DetectionOutcome;
  /** How severe the incident is; null: as the signal says. */
  readonly severity: IncidentSeverity | null;
  /** The incident's title, with placeholders; null: as the signal says. */
  readonly title: string | null;
  readonly tags: readonly string[];
  /** Each role at most once. Whoever is no member any more when it is declared does not get it. */
  readonly roles: readonly { readonly role: IncidentRole; readonly userId: string }[];
}
