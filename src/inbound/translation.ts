import type { SeverityMapping } from '../domain/detection/ingestConfiguration.ts';
import type { IncidentCommandInputs } from '../domain/incident/commands.ts';
import type { IncidentSeverity } from '../domain/incident/vocabulary.ts';
import type { FieldProblem } from '../domain/refusal.ts';

/** A delivery for one dedup key. */
export type SignalDelivery = IncidentCommandInputs['receiveSignals'];

/** What a translation may know beyond the body. */
export interface TranslationContext {
  /** The API key it came with: incidents are kept apart by it. */
  readonly apiKeyId: string;
  /** What a severity on no list reads as; SEV3 unless given. */
  readonly defaultSeverity?: IncidentSeverity;
  /** Severities as this key's sender writes them; asked before the format's own list, through `severityIn`. */
  readonly severityMap?: readonly SeverityMapping[];
  /** What makes alerts of generic JSON; null or absent: nothing. */
  readonly mapping?: string | null;
  /** Whose it is. */
  readonly organizationId?: string;
}

/** Commands to be carried out in this order, or what is wrong with the body. */
export type Translation =
  | { readonly commands: readonly SignalDelivery[] }
  | { readonly problems: readonly FieldProblem[] };
