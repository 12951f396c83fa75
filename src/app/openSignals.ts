import { signalsPerCommandLimit } from '../domain/incident/receiveSignals.ts';
import type { Loaded } from '../store/port.ts';

type OpenSignal = Loaded['openSignals'][number];

/** The signals that are not cleared, of each incident with those of its parts, as a batch has them by now. */
export class OpenSignals {
  /** Incident → firing signal. */
  readonly #firing = new Map<string, Map<string, OpenSignal>>();
  /** Incident and fingerprint → the signals that fire: of several dedup keys there may be several. */
  readonly #byFingerprint = new Map<string, OpenSignal[]>();
  /** Incident → signals that fired, and fire no more by what the batch decided. */
  readonly #removed = new Map<string, OpenSignal[]>();
  /** Incident and fingerprint → a signal that nobody clears, and so never fires. */
  readonly #lasting = new Map<string, string>();

  add(signal: OpenSignal): void {
    const { incidentId, signalId, fingerprint } = signal;
    const place = `${incidentId} ${fingerprint}`;
    if (!signal.firing) {
      if (fingerprint !== null) this.#lasting.set(place, signalId);
      return;
    }
    const firing = this.#firing.get(incidentId) ?? new Map<string, OpenSignal>();
    this.#firing.set(incidentId, firing);
    firing.set(signalId, signal);
    if (fingerprint !== null) {
      this.#byFingerprint.set(place, [...(this.#byFingerprint.get(place) ?? []), signal]);
    }
  }

  /** It fires no more. Answers what it was, if it fired. */
  remove(incidentId: string, signalId: string): OpenSignal | undefined {
    const firing = this.#firing.get(incidentId);
    const removed = firing?.get(signalId);
    if (removed !== undefined) {
      this.#removed.set(incidentId, [...(this.#removed.get(incidentId) ?? []), removed]);
    }
    const place = `${incidentId} ${removed?.fingerprint}`;
    firing?.delete(signalId);
    const left = this.#byFingerprint.get(place)?.filter((signal) => signal.signalId !== signalId) ?? [];
    this.#byFingerprint.set(place, left);
    return removed;
  }

  /** One with this fingerprint; of several, one that fires. */
  any(incidentId: string, fingerprint: string): string | undefined {
    const place = `${incidentId} ${fingerprint}`;
    return this.#byFingerprint.get(place)?.at(-1)?.signalId ?? this.#lasting.get(place);
  }

  /** The one with this fingerprint that fires and came by this key, else one of which nobody knows its key. */
  firing(incidentId: string, fingerprint: string, dedupKey: string): OpenSignal | undefined {
    const all = this.#byFingerprint.get(`${incidentId} ${fingerprint}`) ?? [];
    const own = all.findLast((signal) => signal.dedupKey === dedupKey);
    return own ?? all.findLast((signal) => signal.dedupKey === null);
  }

  /** As many as one command clears of those that fire and came by this key, or nobody knows by which. */
  firingBy(incidentId: string, dedupKey: string): readonly OpenSignal[] {
    return this.#allBy(incidentId, dedupKey).slice(0, signalsPerCommandLimit);
  }

  /** Whether there may be more by this key than are known, although these are fewer than one command clears. */
  mayMiss(incidentId: string, dedupKey: string): boolean {
    const removed = (this.#removed.get(incidentId) ?? []).filter((signal) => isBy(signal, dedupKey)).length;
    return removed > 0 && removed + this.#allBy(incidentId, dedupKey).length >= signalsPerCommandLimit;
  }

  #allBy(incidentId: string, dedupKey: string): readonly OpenSignal[] {
    const all = this.#firing.get(incidentId)?.values() ?? [];
    return [...all].filter((signal) => isBy(signal, dedupKey));
  }
}

function isBy(signal: OpenSignal, dedupKey: string): boolean {
  return signal.dedupKey === dedupKey || signal.dedupKey === null;
}
