import { clipText } from '../clipText.ts';
import { type Burst, endOf, isOfBurst, keyOfBurst, severityOfBurst } from '../detection/burst.ts';
import { isMoreSevere } from '../detection/mostSevere.ts';
import type { ReportedRun } from '../detection/runReport.ts';
import { suppressorOf } from '../detection/suppressorOf.ts';
import { type Instant, plusMinutes } from '../instant.ts';
import type { DecideContext, RecordedRun } from './decision.ts';
import { declare } from './declare.ts';
import type { IncidentFact } from './events.ts';
import { limits } from './limits.ts';
import { namingFor } from './naming.ts';
import type { IncidentState } from './state.ts';
import { isFinal } from './transitions.ts';
import { alreadySo, type OpeningVerb } from './verb.ts';
import { isOpen } from './vocabulary.ts';

/**
 * Runs of one source. Those that failed grow the burst of the incident they are of, or declare one: of several bursts it
 * takes those of one only, and leaves the others for another command. One event however many runs. Those that did not
 * fail, whose target was muted then, those that are late for an incident which is closed or cancelled, and those that
 * would declare one in a maintenance window which suppresses that, are only kept. A run that is known already changes
 * nothing.
 */
export const reportRuns: OpeningVerb<'reportRuns'> = ({ source, runs }, state, context) => {
  const fresh = freshOnes(runs, context);
  const counts = (run: Fresh) => run.status === 'FAILED' && !isMuted(run, context);
  const failed = fresh.filter(counts).sort(byInstant);
  const others = fresh.filter((run) => !counts(run));
  const taken = takenOnes(failed, state, context);
  const suppressor = state === null && taken.length > 0 ? suppressorOf(placeOf(source), context) : null;
  if (suppressor !== null) {
    const lostSignals = [{ reason: 'SUPPRESSED' as const, name: suppressor, count: taken.length }];
    return { ok: true, facts: [], runs: [...others, ...taken], lostSignals };
  }
  const recorded = [...others, ...taken.map((run) => ({ ...run, incidentId: context.incidentId }))];
  if (recorded.length === 0) return alreadySo;
  if (taken.length === 0 || (state !== null && isFinal(state.status))) {
    return { ok: true, facts: [], runs: recorded };
  }
  const grown = grownBurst(source, taken, state, context);
  const newTargets = grown.uniqueTargets - (state?.burst?.uniqueTargets ?? 0);
  const growth: IncidentFact = {
    type: 'INCIDENT_BURST_GREW',
    payload: { ...grown, addedErrors: taken.length, addedTargets: newTargets },
  };
  if (state !== null) {
    return { ok: true, facts: [growth, ...raised(grown, state, context)], runs: recorded };
  }
  const severity = severityOfBurst(context.policy.runs, grown);
  const declaration = {
    title: clipText(`Runs of ${source} fail: ${grown.latestError.split('\n', 1)[0]}`, limits.title),
    description: grown.latestError,
    severity,
    source,
    detectedAt: grown.startedAt,
    startedAt: grown.startedAt,
  };
  const keys = [keyOfBurst(source, grown.ordinal)];
  const declared = declare(declaration, null, context, keys, namingFor(context));
  return declared.ok ? { ok: true, facts: [...declared.facts, growth], runs: recorded } : declared;
};

/** A run names a source and nothing else: windows about services or environments are not about it. */
function placeOf(source: string) {
  return { source, service: null, environment: null };
}

type Fresh = Omit<RecordedRun, 'incidentId'> & { readonly incidentId: null };

/** Those that are not known, each once, no later than now. */
function freshOnes(runs: readonly ReportedRun[], { facts, at }: DecideContext): readonly Fresh[] {
  const seen = new Set<string>();
  return runs.flatMap((run) => {
    if (seen.has(run.runId) || facts.knowsRun(run.source, run.runId)) return [];
    seen.add(run.runId);
    return [{ ...run, at: run.at === null || run.at > at ? at : run.at, reportedAt: at, incidentId: null }];
  });
}

/** By when it failed, not by when it is told: what is told late, before or after, counts as it would have in time. */
function isMuted({ source, target, at }: Fresh, { facts }: DecideContext): boolean {
  return facts.wasMuted(source, target, at);
}

function byInstant(one: Fresh, other: Fresh): number {
  if (one.at !== other.at) return one.at < other.at ? -1 : 1;
  return one.runId < other.runId ? -1 : 1;
}

/** Of failed runs in order, those that are one burst: with this incident's, or else with the first of them. */
function takenOnes(
  failed: readonly Fresh[],
  state: IncidentState | null,
  { policy }: DecideContext,
): readonly Fresh[] {
  const { silenceMinutes } = policy.autoResolve;
  const first = state === null ? 0 : failed.findIndex(({ at }) => isOfBurst(state, at, silenceMinutes));
  const seed = failed[first];
  if (seed === undefined) return [];
  const burst = state?.burst;
  let start = earlier(burst?.startedAt, seed.at);
  let end = later(burst?.endedAt, seed.at);
  const over = state === null ? null : endOf(state);
  let from = first;
  let until = first;
  for (
    let run = failed[from - 1];
    run && run.at >= plusMinutes(start, -silenceMinutes);
    run = failed[from - 1]
  ) {
    start = earlier(start, run.at);
    from -= 1;
  }
  for (
    let run = failed[until + 1];
    run && run.at <= plusMinutes(end, silenceMinutes) && (over === null || run.at <= over);
    run = failed[until + 1]
  ) {
    end = later(end, run.at);
    until += 1;
  }
  return failed.slice(from, until + 1);
}

function earlier(one: Instant | undefined, other: Instant): Instant {
  return one !== undefined && one < other ? one : other;
}

function later(one: Instant | undefined, other: Instant): Instant {
  return one !== undefined && one > other ? one : other;
}

function grownBurst(
  source: string,
  taken: readonly Fresh[],
  state: IncidentState | null,
  { facts }: DecideContext,
): Burst {
  const before = state?.burst ?? null;
  const last = taken.at(-1) as Fresh;
  const isLatest =
    before === null ||
    last.at > before.endedAt ||
    // Of several at once the greatest id, whichever was reported first.
    (last.at === before.endedAt && last.runId > before.latestRunId);
  const targets = new Set(taken.map(({ target }) => target).filter((target) => !facts.knowsTarget(target)));
  return {
    source,
    ordinal: before?.ordinal ?? facts.lastBurst(source) + 1,
    startedAt: earlier(before?.startedAt, taken[0]?.at ?? last.at),
    endedAt: later(before?.endedAt, last.at),
    errorCount: (before?.errorCount ?? 0) + taken.length,
    uniqueTargets: (before?.uniqueTargets ?? 0) + targets.size,
    latestRunId: isLatest ? last.runId : before.latestRunId,
    latestError: isLatest ? (last.error ?? '') : before.latestError,
  };
}

/** Crossing a threshold may raise the severity; growing below it may not undo what a person decided. */
function raised(grown: Burst, state: IncidentState, { policy }: DecideContext): readonly IncidentFact[] {
  const { burst, severity } = state;
  if (burst === null || !isOpen(state.status)) return [];
  const to = severityOfBurst(policy.runs, grown);
  if (!isMoreSevere(to, severityOfBurst(policy.runs, burst)) || !isMoreSevere(to, severity)) return [];
  const reason = `The burst grew to ${grown.errorCount} errors on ${grown.uniqueTargets} targets.`;
  return [{ type: 'INCIDENT_SEVERITY_CHANGED', payload: { from: severity, to, reason } }];
}
