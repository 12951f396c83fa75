import type { IngestConfiguration } from '../domain/detection/ingestConfiguration.ts';
import type { IncidentCommandInputs } from '../domain/incident/commands.ts';
import type { FieldProblem } from '../domain/refusal.ts';

/** The formats that alerts come in, by the names their webhooks and dead letters have. */
export const deliveryFormats = [
  'alertmanager',
  'grafana',
  'datadog',
  'pagerduty',
  'opsgenie',
  'sentry',
  'sns',
  'json',
] as const;

/** Whose a body is, and how the key it comes with is configured; null: by a key that says nothing. */
export interface DeliveredBy {
  readonly organizationId: string;
  readonly ingest: IngestConfiguration | null;
}

/**
 * What the body of a webhook of this format comes to, or what is wrong with it; null when there is no such format.
 * @throws OverloadedError when too many wait to be mapped.
 */
export type TranslateDelivery = (
  format: string,
  body: unknown,
  by: DeliveredBy,
) => Promise<
  | { readonly commands: readonly IncidentCommandInputs['receiveSignals'][] }
  | { readonly problems: readonly FieldProblem[] }
  | null
>;
