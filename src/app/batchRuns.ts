import { isMutedAt, type MutedSpan } from '../domain/bulkAction/bulkAction.ts';
import { burstOf } from '../domain/detection/burst.ts';
import type { RecordedRun } from '../domain/incident/decision.ts';
import type { IncidentState } from '../domain/incident/state.ts';
import type { Instant } from '../domain/instant.ts';
import type { LoadedRuns } from '../store/runLoad.ts';

/** The runs, bursts and targets that a batch is decided on: those loaded, and those its commands so far have written. */
export class BatchRuns {
  /** Incidents with a burst of which everything that a run may ask was loaded, or that began in this batch. */
  readonly #incidents: Set<string>;
  readonly #known: Set<string>;
  readonly #targets: Set<string>;
  readonly #last: Map<string, number>;
  readonly #muted = new Map<string, MutedSpan[]>();

  constructor(loaded: LoadedRuns | null) {
    this.#incidents = new Set(loaded?.incidentIds);
    this.#known = new Set(loaded?.runs.map(({ source, runId }) => `${source}\n${runId}`));
    this.#targets = new Set(loaded?.targets.map(({ incidentId, target }) => `${incidentId} ${target}`));
    for (const { source, target, since, until } of loaded?.muted ?? []) {
      const key = `${source}\n${target}`;
      this.#muted.set(key, [...(this.#muted.get(key) ?? []), { since, until }]);
    }
    this.#last = new Map(loaded?.lastBursts.map(({ source, ordinal }) => [source, ordinal]));
  }

  /** Whether the target was muted at this instant. */
  wasMuted(source: string, target: string, at: Instant): boolean {
    return isMutedAt(this.#muted.get(`${source}\n${target}`) ?? [], at);
  }

  knowsRun(source: string, runId: string): boolean {
    return this.#known.has(`${source}\n${runId}`);
  }

  knowsTarget(incidentId: string, target: string): boolean {
    return this.#targets.has(`${incidentId} ${target}`);
  }

  lastBurst(source: string): number {
    return this.#last.get(source) ?? 0;
  }

  /** The incident whose burst one of the instants is of; `stateOf` is as the batch has it by now. */
  incidentOf(
    source: string,
    instants: readonly Instant[],
    {
      silenceMinutes,
      stateOf,
    }: { silenceMinutes: number; stateOf: (id: string) => IncidentState | undefined },
  ): string | undefined {
    const states = [...this.#incidents].flatMap((id) => stateOf(id) ?? []);
    const ofSource = states.filter(({ burst }) => burst?.source === source);
    return burstOf(ofSource, instants, silenceMinutes)?.id;
  }

  /** Runs that the batch writes, and the state of the incident they are of. */
  note(runs: readonly RecordedRun[], state: IncidentState | null): void {
    for (const { source, runId, target, incidentId } of runs) {
      this.#known.add(`${source}\n${runId}`);
      if (incidentId !== null) this.#targets.add(`${incidentId} ${target}`);
    }
    if (runs.length === 0 || !state?.burst) return;
    this.#incidents.add(state.id);
    this.#last.set(state.burst.source, Math.max(this.lastBurst(state.burst.source), state.burst.ordinal));
  }
}
