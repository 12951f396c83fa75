import type { SignalInput } from '../incident/commands.ts';
import type { IngestedSignal } from '../incident/events.ts';
import type { Naming } from '../incident/naming.ts';
import type { Instant } from '../instant.ts';

/** A signal as its event keeps it, from how it arrived: names become ids, `at` stands in for a missing instant. */
export function ingested(
  signal: SignalInput,
  as: {
    readonly signalId: string;
    readonly naming: Naming;
    /** When it was received; a signal is never observed later than that. */
    readonly at: Instant;
    /** True when its source will say that it is over. */
    readonly firing: boolean;
    /** The key it came by, if its incident holds it. */
    readonly dedupKey?: string;
    readonly beganAt?: Instant | null;
  },
): IngestedSignal {
  const observedAt = signal.at ?? as.at;
  return {
    signalId: as.signalId,
    signalType: signal.type,
    source: signal.source,
    serviceId: as.naming.idOrNull('SERVICE', signal.service),
    environment: signal.environment ?? null,
    projectId: as.naming.idOrNull('PROJECT', signal.project),
    summary: signal.summary,
    severity: signal.severity ?? null,
    fingerprint: signal.fingerprint ?? null,
    correlationKey: signal.correlationKey ?? null,
    traceId: signal.traceId ?? null,
    dataDigest: signal.data?.digest ?? null,
    observedAt: observedAt > as.at ? as.at : observedAt,
    firing: as.firing,
    ...(as.dedupKey === undefined ? null : { dedupKey: as.dedupKey }),
    ...(as.beganAt == null ? null : { beganAt: as.beganAt }),
  };
}
