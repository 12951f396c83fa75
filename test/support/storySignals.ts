import type { Episodes } from '../../src/app/episodes.ts';
import type { FiringSignal, OwnSignal } from '../../src/domain/incident/decision.ts';
import type { IncidentEvent, IngestedSignal } from '../../src/domain/incident/events.ts';

/** The signals of a story's incident that are not cleared. */
export class StorySignals {
  readonly #open = new Map<string, IngestedSignal>();

  note(event: IncidentEvent, episodes: Episodes): void {
    if (event.type === 'INCIDENT_SIGNAL_INGESTED') this.#open.set(event.payload.signalId, event.payload);
    if (event.type !== 'INCIDENT_SIGNAL_CLEARED' && event.type !== 'INCIDENT_SIGNAL_SPLIT') return;
    const { dedupKey, fingerprint, beganAt } = this.#open.get(event.payload.signalId) ?? {};
    this.#open.delete(event.payload.signalId);
    if (event.type === 'INCIDENT_SIGNAL_SPLIT' || dedupKey === undefined) return;
    if (fingerprint != null && beganAt !== undefined) episodes.end({ dedupKey, fingerprint, beganAt });
  }

  /** One with this fingerprint; of several, one that fires. */
  open(fingerprint: string): string | undefined {
    const all = [...this.#open.values()].filter((signal) => signal.fingerprint === fingerprint);
    return (all.find(({ firing }) => firing) ?? all[0])?.signalId;
  }

  firing(): readonly FiringSignal[] {
    return [...this.#open.values()]
      .filter(({ firing }) => firing)
      .map((signal) => ({ beganAt: null, ...signal }));
  }

  own(signalId: string): OwnSignal | undefined {
    const signal = this.#open.get(signalId);
    if (signal === undefined) return undefined;
    const sharesDedupKey = [...this.#open.values()].some(
      (other) => other !== signal && other.dedupKey === signal.dedupKey,
    );
    return { signal, clearedAt: null, sharesDedupKey };
  }
}
