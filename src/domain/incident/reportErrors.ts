import { dedupKeyOfErrors, type ReportedError, reopenWithinMinutes } from '../detection/errorReport.ts';
import {
  declaredBy,
  type JudgedError,
  joinableByErrors,
  judgeErrors,
  lostErrors,
} from '../detection/judgeErrors.ts';
import { KnownErrors } from '../detection/knownErrors.ts';
import { mostSevere } from '../detection/mostSevere.ts';
import { type Instant, plusMinutes } from '../instant.ts';
import { refuseTransition } from '../refuse.ts';
import type { DeclareInput } from './commands.ts';
import type { DecideContext } from './decision.ts';
import { declare } from './declare.ts';
import { ErrorsJoining, happenedAt } from './errorsJoining.ts';
import type { IncidentFact } from './events.ts';
import { namingFor } from './naming.ts';
import type { IncidentState } from './state.ts';
import { type Agreed, alreadySo, type FactsOrRefusal, type OpeningVerb } from './verb.ts';
import { isOpen } from './vocabulary.ts';

/**
 * Errors of one fingerprint. They join the open incident, whatever its age and whatever rules say. Where there is none,
 * rules are asked: HIGH and CRITICAL always, MEDIUM and LOW where a rule has them declare, reopen one that was resolved
 * within 5 minutes of its declaration, or declare one; MEDIUM and LOW may also join another open incident, or be
 * dropped, and are kept beside incidents otherwise. An error that is known already changes nothing, unless it is told
 * under a higher level than before: then it is judged anew.
 */
export const reportErrors: OpeningVerb<'reportErrors'> = ({ fingerprint, errors }, state, context) => {
  const { detectionRules } = context.policy;
  const judged = judgeErrors(unknownOnes(errors, context), context);
  if (judged.length === 0) return alreadySo;
  const isGuest = state !== null && detectionRules.length > 0 && !holds(state, fingerprint);
  if (state !== null && !isGuest && isOpen(state.status)) {
    return outcome(new ErrorsJoining(fingerprint, state, context), judged, [], worstOf(judged));
  }
  const cause = worstOf(judged.filter(({ fate }) => fate === 'DECLARE'));
  if (state !== null && !isGuest) {
    if (cause === undefined || !isReopenedByErrors(state, context.at)) {
      return refuseTransition(state, 'joining an error');
    }
    return outcome(new ErrorsJoining(fingerprint, state, context), ...split(judged), cause);
  }
  return cause === undefined || state !== null
    ? withoutOwn(fingerprint, judged, state, context)
    : declaring(fingerprint, judged, cause, context);
};

function holds({ status, dedupKeys }: IncidentState, fingerprint: string): boolean {
  // One that was only found for errors to join is open.
  return !isOpen(status) || dedupKeys.includes(dedupKeyOfErrors(fingerprint));
}

function declaring(
  fingerprint: string,
  judged: readonly JudgedError[],
  cause: JudgedError,
  context: DecideContext,
): FactsOrRefusal {
  const { roles, ...declared } = declaredBy(cause);
  const userIds = roles.map(({ userId }) => userId);
  if (userIds.length > 0 && !context.facts.lookUp({ joinable: [], userIds })) return alreadySo;
  const naming = namingFor(context);
  const input = declaration(cause.error, declared, context.at);
  const verdict = declare(input, null, context, [dedupKeyOfErrors(fingerprint)], naming);
  if (!verdict.ok) return verdict;
  const joining = new ErrorsJoining(fingerprint, null, context, naming);
  const given = roles.filter(({ userId }) => context.facts.isMember(userId));
  joining.facts.push(...verdict.facts);
  joining.facts.push(...given.map((payload): IncidentFact => ({ type: 'INCIDENT_ROLE_ASSIGNED', payload })));
  return outcome(joining, ...split(judged), cause);
}

/**
 * Whether an error of this incident's fingerprint reopens it: resolved, by anyone, and declared at most 5 minutes ago.
 * Source: rules.md, Detection.
 */
function isReopenedByErrors(state: Pick<IncidentState, 'status' | 'reportedAt'>, at: Instant): boolean {
  return state.status === 'RESOLVED' && at <= plusMinutes(state.reportedAt, reopenWithinMinutes);
}

/** Whether one of these errors, of its fingerprint, reopens this incident now. */
export function isReopenedBy(
  errors: readonly ReportedError[],
  state: IncidentState,
  context: Pick<DecideContext, 'policy' | 'facts' | 'at'>,
): boolean {
  if (!isReopenedByErrors(state, context.at)) return false;
  return judgeErrors(unknownOnes(errors, context), context).some(({ fate }) => fate === 'DECLARE');
}

function unknownOnes(
  errors: readonly ReportedError[],
  { facts }: Pick<DecideContext, 'facts'>,
): readonly ReportedError[] {
  const seen = new KnownErrors();
  return errors.filter((error) => {
    if (seen.has(error) || facts.knowsError(error)) return false;
    seen.add(error);
    return true;
  });
}

/** The first of the most severe ones: the one that an incident is declared for. */
function worstOf(errors: readonly JudgedError[]): JudgedError | undefined {
  const worst = mostSevere(errors.map(({ level }) => level));
  return errors.find(({ level }) => level === worst);
}

/** Those that go with one of them which declares or reopens, and those that are dropped. */
function split(judged: readonly JudgedError[]): readonly [readonly JudgedError[], readonly JudgedError[]] {
  return [judged.filter(({ fate }) => fate !== 'DROP'), judged.filter(({ fate }) => fate === 'DROP')];
}

function outcome(
  joining: ErrorsJoining,
  errors: readonly JudgedError[],
  dropped: readonly JudgedError[],
  cause: JudgedError | undefined,
): Agreed {
  if (cause !== undefined) joining.reopen(cause);
  for (const one of errors) joining.join(one, one === cause);
  joining.raise();
  const { facts, recorded } = joining;
  const errorsKept = [...recorded, ...dropped.map((one) => joining.beside(one))];
  return { ok: true, facts, errors: errorsKept, lostSignals: lostErrors(dropped, 'DROPPED') };
}

/** Errors of which none declares: those that only join do, where `guest` was found for them, and all are kept. */
function withoutOwn(
  fingerprint: string,
  judged: readonly JudgedError[],
  guest: IncidentState | null,
  context: DecideContext,
): Agreed {
  // What would declare by now joins, too: it was looked up under other rules.
  const attached = judged.filter(({ fate }) => fate === 'ATTACH' || (fate === 'DECLARE' && guest !== null));
  const joinable = guest === null ? joinableByErrors(attached) : [];
  // Decided anew once it was looked up; when there is one to join, with its state.
  if (joinable.length > 0 && !context.facts.lookUp({ joinable, userIds: [] })) return alreadySo;
  const joining = new ErrorsJoining(fingerprint, guest, context);
  const joins = guest === null ? [] : attached;
  for (const one of joins) joining.attach(one);
  const others = judged.filter((one) => !joins.includes(one));
  const reasons = ['DROPPED', 'SUPPRESSED', 'NOT_ATTACHED'] as const;
  return {
    ok: true,
    facts: joining.facts,
    errors: [...joining.recorded, ...others.map((one) => joining.beside(one))],
    lostSignals: reasons.flatMap((reason) => lostErrors(others, reason)),
  };
}

function declaration(
  error: ReportedError,
  declared: Pick<DeclareInput, 'title' | 'severity' | 'tags'>,
  now: Instant,
): DeclareInput {
  return {
    ...declared,
    description: error.message,
    source: error.source,
    service: error.component,
    environment: error.environment,
    project: error.project,
    correlationKeys: error.correlationKey === null ? [] : [error.correlationKey],
    externalRefs: [{ system: 'error', id: error.errorId, url: null }],
    detectedAt: happenedAt(error, now),
  };
}
