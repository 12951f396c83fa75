import type { LoadedRuns, RunLoadRequest } from '../../src/store/runLoad.ts';
import type { MemoryOrganization } from './memoryOrganization.ts';

/** Incidents whose bursts overlap one of the stretches of time. */
export function overlapping({ bursts }: MemoryOrganization, { bursts: asked }: RunLoadRequest): string[] {
  return [...bursts.values()]
    .filter((row) =>
      asked.some(
        ({ source, from, until }) =>
          row.source === source && (row.ended_at as string) >= from && (row.started_at as string) <= until,
      ),
    )
    .map((row) => row.incident_id as string);
}

/** What `warroom.load_runs` answers. */
export function memoryRuns(
  org: MemoryOrganization,
  { bursts, runs, targets }: RunLoadRequest,
  incidentIds: readonly string[],
): LoadedRuns {
  return {
    incidentIds,
    lastBursts: bursts.map(({ source }) => {
      const own = [...org.bursts.values()].filter((row) => row.source === source);
      return { source, ordinal: Math.max(0, ...own.map(({ ordinal }) => ordinal as number)) };
    }),
    muted: [],
    runs: runs.filter(({ source, runId }) => org.runs.has(`${source} ${runId}`)),
    targets: incidentIds.flatMap((incidentId) =>
      targets
        .filter((target) => org.runTargets.has(`${incidentId} ${target}`))
        .map((target) => ({ incidentId, target })),
    ),
  };
}
