import type { IncidentSeverity } from '../domain/incident/vocabulary.ts';
import type { FieldProblem } from '../domain/refusal.ts';

/** What one alert of a body would do, if it came now. */
export interface PreviewedAlert {
  /** What the incident is found again by. */
  readonly key: string;
  readonly does: 'FIRE' | 'ACKNOWLEDGE' | 'RESOLVE';
  readonly title: string;
  readonly severity: IncidentSeverity;
  readonly service: string | null;
  readonly environment: string | null;
  readonly project: string | null;
}

/** What a mapping makes of a body: its alerts, or what is wrong. */
export interface MappingPreview {
  readonly alerts: readonly PreviewedAlert[];
  readonly problems: readonly FieldProblem[];
}

/** Tries mappings out. Both wait for their turn and may throw OverloadedError. */
export interface Mappings {
  /** Why this is no mapping, for the person who wrote it; null when it is one. */
  problemOf(mapping: string, organizationId: string): Promise<string | null>;
  /** `body`: JSON text. */
  preview(mapping: string, body: string, organizationId: string): Promise<MappingPreview>;
}
