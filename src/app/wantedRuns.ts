import type { ReportedRun } from '../domain/detection/runReport.ts';
import type { RunLoadRequest } from '../store/runLoad.ts';

/** What a batch's commands name of runs, each thing once. */
export class WantedRuns {
  readonly #bursts = new Map<string, RunLoadRequest['bursts'][number]>();
  readonly #runs = new Map<string, RunLoadRequest['runs'][number]>();
  readonly #targets = new Set<string>();

  add({ runs }: { readonly runs: readonly ReportedRun[] }): void {
    for (const { source, runId, target, status } of runs) {
      this.#runs.set(`${source}\n${runId}`, { source, runId });
      if (status === 'FAILED') this.#targets.add(target);
    }
  }

  addBurst({ source, from, until }: RunLoadRequest['bursts'][number]): void {
    this.#bursts.set(`${source}\n${from}\n${until}`, { source, from, until });
  }

  get request(): RunLoadRequest {
    return {
      bursts: [...this.#bursts.values()],
      runs: [...this.#runs.values()],
      targets: [...this.#targets],
    };
  }
}
