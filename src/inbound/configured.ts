import type { IngestConfiguration } from '../domain/detection/ingestConfiguration.ts';
import type { SignalDelivery } from './translation.ts';

/**
 * A delivery as the key it came with is configured: its source by the key's name for it, and where nothing says the
 * service, project or environment, the key's.
 */
export function configured(
  delivery: SignalDelivery,
  configuration: IngestConfiguration | undefined,
): SignalDelivery {
  if (configuration === undefined) return delivery;
  const { service, project, environment } = configuration;
  const placed = <T extends Place>(one: T): T => ({
    ...one,
    source: configuration.source ?? one.source,
    service: one.service ?? service,
    project: one.project ?? project,
    environment: one.environment ?? environment,
  });
  return { ...delivery, declare: placed(delivery.declare), firing: delivery.firing.map(placed) };
}

interface Place {
  readonly source?: string | null;
  readonly service?: string | null;
  readonly project?: string | null;
  readonly environment?: string | null;
}
