import { createHash } from 'node:crypto';
import { authorize } from '../domain/access/permissions.ts';
import { checkedRuns } from '../domain/detection/checkedRuns.ts';
import type { ReportedRun, RunReport } from '../domain/detection/runReport.ts';
import { type Instant, plusMinutes } from '../domain/instant.ts';
import type { Refusal } from '../domain/refusal.ts';
import { currentPolicy } from '../store/read/policy.ts';
import { type RunKey, type RunRow, runs as readRuns } from '../store/read/runs.ts';
import { type Answer, type IdempotentRequest, type IncidentTarget, OverloadedError } from './answer.ts';
import type { Reporting } from './reportErrors.ts';

/** What became of each run, in the order they were told. */
export interface RunsReported {
  readonly kind: 'done';
  readonly runs: readonly RunRow[];
  /** To resume a subscription from. */
  readonly sequence: number;
}

/** How often what a burst left over is told again: each time at least one run of it finds its burst. */
const rounds = 50;

/** Runs of one source that belong together as far as they themselves say: one command. */
interface Told {
  readonly target: IncidentTarget;
  readonly source: string;
  readonly runs: readonly ReportedRun[];
}

/**
 * Reports runs: one command for each cluster of failed ones of a source, one for those of it that did not fail. Each
 * takes the runs of one burst; what is another's is told again until all are kept. What is told again, whole or in part,
 * has one effect, because every run is known by its source and id.
 *
 * @throws OverloadedError when some could not be kept: tell all of them again, under the same ids.
 */
export async function reportRuns(
  reports: readonly RunReport[],
  reporting: Reporting & { readonly now: Instant },
): Promise<RunsReported | Refusal> {
  const { principal, scope } = reporting;
  const forbidden = authorize('reportRuns', { ...principal.actor, scopes: principal.scopes });
  if (forbidden !== null) return forbidden;
  const checked = checkedRuns(reports);
  if ('kind' in checked) return checked;
  const policy = await currentPolicy(scope.database, scope.organizationId);
  const all = checked.map((run, index) => ({ ...run, runId: run.runId ?? runIdOf(index, reporting) }));
  const windowed = { now: reporting.now, silenceMinutes: policy.autoResolve.silenceMinutes };
  let { request } = reporting;
  let sequence = 0;
  let left: readonly ReportedRun[] = all;
  for (let round = 0; round < rounds; round++) {
    const [first, ...others] = commandsOf(left, windowed);
    if (first !== undefined) {
      // The first carries the idempotency key: whoever reuses it for other runs is told so before any of them counts.
      const answers = [await tell(first, reporting, request)];
      if (answers[0]?.kind === 'refused') return answers[0].refusal;
      request = null;
      const settled = await Promise.allSettled(others.map((told) => tell(told, reporting, null)));
      for (const one of settled) {
        if (one.status === 'rejected') throw one.reason;
        if (one.value.kind === 'refused') return one.value.refusal;
        answers.push(one.value);
      }
      sequence = Math.max(sequence, ...answers.map(sequenceOf));
    }
    const rows = await readRuns(scope, all.map(keyOf));
    left = all.filter((_run, index) => rows[index] == null);
    if (left.length === 0) return { kind: 'done', runs: rows.filter((row) => row !== null), sequence };
  }
  throw new OverloadedError(1);
}

function tell(
  { target, source, runs }: Told,
  { principal, handle }: Reporting,
  request: IdempotentRequest | null,
): Promise<Answer> {
  return handle({
    organizationId: principal.organizationId,
    actor: principal.actor,
    scopes: principal.scopes,
    target,
    command: { name: 'reportRuns', input: { source, runs } },
    request,
  });
}

interface Windowed {
  readonly now: Instant;
  readonly silenceMinutes: number;
}

function commandsOf(runs: readonly ReportedRun[], windowed: Windowed): readonly Told[] {
  const sources = new Map<string, ReportedRun[]>();
  for (const run of runs) {
    const own = sources.get(run.source);
    if (own === undefined) sources.set(run.source, [run]);
    else own.push(run);
  }
  return [...sources].flatMap(([source, own]): Told[] => {
    const kept = own.filter(({ status }) => status !== 'FAILED');
    const failed = own.filter(({ status }) => status === 'FAILED');
    return [
      ...clustersOf(failed, windowed).map((cluster) => toldOf(source, cluster, windowed)),
      ...(kept.length === 0 ? [] : [{ target: { by: 'new' } as const, source, runs: kept }]),
    ];
  });
}

function toldOf(source: string, cluster: readonly ReportedRun[], { now, silenceMinutes }: Windowed): Told {
  const instants = cluster.map((run) => instantOf(run, now)).sort();
  const from = plusMinutes(instants[0] ?? now, -silenceMinutes);
  const until = plusMinutes(instants.at(-1) ?? now, silenceMinutes);
  return { target: { by: 'burst', source, from, until }, source, runs: cluster };
}

/** Failed runs of which none is more than the silence window after the one before. */
function clustersOf(failed: readonly ReportedRun[], { now, silenceMinutes }: Windowed): ReportedRun[][] {
  const clusters: ReportedRun[][] = [];
  let end: Instant | null = null;
  const inOrder = [...failed].sort((one, other) => (instantOf(one, now) < instantOf(other, now) ? -1 : 1));
  for (const run of inOrder) {
    const at = instantOf(run, now);
    if (end === null || at > plusMinutes(end, silenceMinutes)) clusters.push([]);
    clusters.at(-1)?.push(run);
    end = at;
  }
  return clusters;
}

function instantOf({ at }: ReportedRun, now: Instant): Instant {
  return at === null || at > now ? now : at;
}

function keyOf({ source, runId }: ReportedRun): RunKey {
  return { source, runId };
}

/** The same again for the same idempotency key, whose input is the same. */
function runIdOf(index: number, { request, newId }: Reporting): string {
  if (request === null) return newId();
  const text = `${request.principal}\n${request.key}\n${index}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function sequenceOf(answer: Answer): number {
  return answer.kind === 'done' && (answer.incident !== null || !answer.replayed) ? answer.sequence : 0;
}
