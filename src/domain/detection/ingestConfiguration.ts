import type { IncidentSeverity } from '../incident/vocabulary.ts';

/** A severity as a source writes it, and what it means here. */
export interface SeverityMapping {
  /** Trimmed, lower case. */
  readonly text: string;
  readonly severity: IncidentSeverity;
}

/** How what an API key of scope INGEST brings is read. What a delivery says of itself goes before what stands here. */
export interface IngestConfiguration {
  /** One up with every change; 0 while it was never configured. */
  readonly version: number;
  /** What incidents and signals name as their source; null: the format's name. */
  readonly source: string | null;
  readonly service: string | null;
  readonly project: string | null;
  readonly environment: string | null;
  /** What a severity on no list reads as; null: SEV3. */
  readonly defaultSeverity: IncidentSeverity | null;
  /** Asked before the format's own list; at most 50. */
  readonly severityMap: readonly SeverityMapping[];
  /** Deliveries a minute, and so many at once; null: as many as come. */
  readonly requestsPerMinute: number | null;
  /** JSONata that makes alerts of what comes as generic JSON; null: it is read as it is. */
  readonly mapping: string | null;
  /** Whether there is a secret that the sender signs with; the secret itself is nowhere in a ledger. */
  readonly hasSigningSecret: boolean;
}

/** How a key reads that was never configured. */
export const unconfigured: IngestConfiguration = {
  version: 0,
  source: null,
  service: null,
  project: null,
  environment: null,
  defaultSeverity: null,
  severityMap: [],
  requestsPerMinute: null,
  mapping: null,
  hasSigningSecret: false,
};

/** A configuration as it was stored, perhaps before there was all of today's; null: never configured. */
export function completeIngest(stored: string | null): IngestConfiguration {
  return stored === null
    ? unconfigured
    : { ...unconfigured, ...(JSON.parse(stored) as Partial<IngestConfiguration>) };
}
