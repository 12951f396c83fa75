import { clipText } from '../clipText.ts';
import { isBurstGoingOn } from '../detection/burst.ts';
import { standingOfSync } from '../detection/syncedIncident.ts';
import { InputCheck } from '../inputCheck.ts';
import { refuseField, refuseNotFound } from '../refuse.ts';
import type { DecideContext, OwnSignal, Refused } from './decision.ts';
import type { IncidentFact } from './events.ts';
import { limits } from './limits.ts';
import { resolvedBecause } from './resolvedBecause.ts';
import type { IncidentState } from './state.ts';
import type { CompanionVerb, IncidentVerb } from './verb.ts';
import type { IncidentSeverity } from './vocabulary.ts';

/**
 * Declares an incident of its own for a signal. The signal's dedup key goes with it unless another signal that came by
 * it is still there; then what its source says next is the old incident's, and the new one's signal is evidence that
 * nobody clears. An incident that alerts declared keeps at least one signal: it is about nothing else. What lies with
 * an incident that was merged into this one stays there: nothing of that is rewritten any more. Of a synced incident that
 * is over at its source, the last alert that fires holds it open no longer once it is gone: it resolves as if it had
 * cleared.
 */
export const splitSignal: IncidentVerb<'splitSignal'> = (input, state, context) => {
  const check = new InputCheck();
  const reason = check.text('reason', input.reason, limits.reason);
  const title = check.optionalText('title', input.title, limits.title);
  if (check.refusal !== null) return check.refusal;
  const found = context.facts.ownSignal(input.signalId);
  if (found === undefined) return refuseForeign(input.signalId, state, context);
  const isAlone = state.signalCount <= 1 && state.mergedIncidentIds.length === 0;
  if (isAlone && state.sync === null && state.reportedBy.kind === 'INTEGRATION') {
    return refuseField(
      ['signalId'],
      'It is the only signal of an incident that alerts declared: edit that one.',
    );
  }
  const { signal, sharesDedupKey } = found;
  const dedupKeys = state.dedupKeys.filter((key) => key === signal.dedupKey && !sharesDedupKey);
  const newIncidentId = context.newId();
  const fact: IncidentFact = {
    type: 'INCIDENT_SIGNAL_SPLIT',
    payload: { signalId: signal.signalId, newIncidentId, reason, firing: signal.firing, dedupKeys },
  };
  const own = { title, severity: input.severity ?? state.severity, dedupKeys };
  return {
    ok: true,
    facts: [fact],
    following: resolution(signal, state, context),
    companion: { incidentId: newIncidentId, decide: declaring(found, state, own) },
  };
};

/** Nothing but this alert kept open what its source has resolved. */
function resolution(
  { firing }: OwnSignal['signal'],
  state: IncidentState,
  { at, policy }: DecideContext,
): readonly IncidentFact[] {
  if (!firing || state.openSignalCount > 1) return [];
  if (standingOfSync(state) !== 'OVER' || isBurstGoingOn(state, policy.autoResolve.silenceMinutes, at))
    return [];
  const summary = `Resolved automatically: ${state.sync?.source} has it resolved at ${state.sync?.resolvedAt}, and nothing of it fires any more.`;
  return [resolvedBecause('SYNCED', summary)];
}

/** Why a signal that is not this incident's own is not split off. */
function refuseForeign(
  signalId: string,
  { mergedIncidentIds }: IncidentState,
  context: DecideContext,
): Refused {
  const incidentId = context.facts.signal(signalId)?.incidentId ?? null;
  if (incidentId === null || !mergedIncidentIds.includes(incidentId)) {
    return refuseNotFound('There is no such signal of this incident.');
  }
  return refuseField(
    ['signalId'],
    'It lies with an incident that was merged into this one, and what was merged stays as it is: declare an incident for it.',
  );
}

interface Own {
  readonly title: string | null;
  readonly severity: IncidentSeverity;
  readonly dedupKeys: readonly string[];
}

/** The incident it becomes: where its signal says nothing, it is like the one it comes from. */
function declaring(found: OwnSignal, from: IncidentState, own: Own): CompanionVerb {
  return (_state, context) => ({
    ok: true,
    facts: [declaration(found, from, { own, context }), attached(found, own.dedupKeys)],
  });
}

function declaration(
  { signal }: OwnSignal,
  from: IncidentState,
  { own, context }: { readonly own: Own; readonly context: DecideContext },
): IncidentFact {
  return {
    type: 'INCIDENT_CREATED',
    payload: {
      title: own.title ?? clipText(signal.summary, limits.title),
      description: '',
      severity: own.severity,
      mode: from.mode,
      type: null,
      impact: null,
      environment: signal.environment ?? from.environment,
      serviceId: signal.serviceId ?? from.serviceId,
      projectId: signal.projectId ?? from.projectId,
      ownerTeamId: from.ownerTeamId,
      source: signal.source,
      tags: [],
      correlationKeys: signal.correlationKey === null ? [] : [signal.correlationKey],
      runbook: null,
      externalRefs: [],
      // Its SLAs count from when it was seen to be a matter of its own, its impact from what was observed.
      detectedAt: context.at,
      startedAt: signal.observedAt,
      dedupKeys: [...own.dedupKeys],
      splitFromIncidentId: from.id,
    },
  };
}

function attached({ signal, clearedAt }: OwnSignal, dedupKeys: readonly string[]): IncidentFact {
  const { dedupKey, firing, ...rest } = signal;
  const goes = dedupKey !== undefined && dedupKeys.includes(dedupKey);
  return {
    type: 'INCIDENT_SIGNAL_INGESTED',
    payload: {
      ...rest,
      firing: firing && goes,
      ...(goes ? { dedupKey } : null),
      keyJoined: signal.correlationKey !== null,
      ...(clearedAt === null ? null : { clearedAt }),
    },
  };
}
