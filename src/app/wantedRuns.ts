import type { ReportedRun } from '../domain/detection/runReport.ts';
import type { RunLoadRequest } from '../store/runLoad.ts';

/** What a batch's commands name of runs, each thing once. */
export class WantedRuns {
  readonly #bursts = new Map<string, RunLoadRequest['bursts'][number]>();
  readonly #runs = new Map<string, RunLoadRequest['runs'][number]>();
  readonly #targets = new Set<string>();
  readonly #failed = new Map<string, RunLoadRequest['failed'][number]>();

  add({ runs }: { readonly runs: readonly ReportedRun[] }): void {
    for (const { source, runId, target, status, at } of runs) {
      this.#runs.set(`${source}\n${runId}`, { source, runId });
      if (status !== 'FAILED') continue;
      this.#targets.add(target);
      this.#failed.set(`${source}\n${target}\n${at}`, { source, target, at });
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
      failed: [...this.#failed.values()],
    };
  }
}
