import type { IncidentCommandInputs } from '../incident/commands.ts';
import { listLimit } from '../incident/state.ts';
import type { DetectionRule } from './detectionRule.ts';
import { labelsOf } from './labelsOf.ts';
import { mostSevere } from './mostSevere.ts';
import { outcomeOf, type RuledOutcome, type SignalCandidate } from './outcomeOf.ts';
import { titleFrom } from './titleFrom.ts';

type Delivery = IncidentCommandInputs['receiveSignals'];
type Firing = Delivery['firing'][number];

/** Why a signal did not become part of an incident. */
export const lossReasons = ['DROPPED', 'NOT_ATTACHED', 'SUPPRESSED'] as const;
export type LossReason = (typeof lossReasons)[number];

/** Signals that did not become part of an incident, by what kept them from it. */
export interface LostSignals {
  readonly reason: LossReason;
  /** The rule's or the maintenance window's. */
  readonly name: string;
  readonly count: number;
}

/** A signal of a delivery, and what the rules say of it. */
interface Judged {
  readonly signal: Firing;
  readonly candidate: SignalCandidate;
  readonly ruled: RuledOutcome;
  /** The maintenance window that keeps it from declaring. */
  readonly suppressedBy: string | null;
}

/** A delivery as the rules leave it. */
export interface JudgedDelivery {
  /** Without what is dropped; how it declares, and how severe each signal is, as the rules say. */
  readonly input: Delivery;
  /** Whether something of it declares; otherwise what is left only joins. */
  readonly declares: boolean;
  /** Whose rule the declaration follows. */
  readonly rule: DetectionRule | null;
  readonly dropped: readonly LostSignals[];
  /** The same signals, should there be nothing to join. */
  readonly unattached: readonly LostSignals[];
}

/**
 * What the rules make of a delivery whose dedup key has no incident. `suppressor` names the maintenance window that
 * keeps a signal from declaring, where one does.
 */
export function judgeDelivery(
  input: Delivery,
  rules: readonly DetectionRule[],
  suppressor: (candidate: SignalCandidate) => string | null = () => null,
): JudgedDelivery {
  const judged = input.firing.map((signal): Judged => {
    const candidate = candidateOf(signal, input);
    const ruled = outcomeOf(rules, candidate);
    const declares = ruled.outcome === 'DECLARE' && !candidate.isProtected;
    return { signal, candidate, ruled, suppressedBy: declares ? suppressor(candidate) : null };
  });
  const declaring = judged.find(isDeclaring);
  const kept = judged.filter((one) => isDeclaring(one) || one.ruled.outcome === 'ATTACH_ONLY');
  const delivery = { ...input, ...severities(judged, kept, input) };
  return {
    input: {
      ...delivery,
      declare: declaring === undefined ? delivery.declare : declaration(delivery.declare, declaring),
      firing: kept.map(({ signal, ruled }) => withSeverity(signal, ruled.rule)),
    },
    declares: declaring !== undefined,
    rule: declaring?.ruled.rule ?? null,
    dropped: [
      ...lost(judged, 'DROPPED', ({ ruled }) => (ruled.outcome === 'DROP' ? ruled.rule?.name : null)),
      ...lost(judged, 'SUPPRESSED', ({ suppressedBy }) => suppressedBy),
    ],
    unattached: lost(judged, 'NOT_ATTACHED', ({ ruled }) =>
      ruled.outcome === 'ATTACH_ONLY' ? ruled.rule?.name : null,
    ),
  };
}

function isDeclaring({ ruled, suppressedBy }: Judged): boolean {
  return ruled.outcome === 'DECLARE' && suppressedBy === null;
}

/** As it came, unless a rule says how severe a signal is, or drops one: then the worst of what is left counts. */
function severities(
  judged: readonly Judged[],
  kept: readonly Judged[],
  { declare, severity }: Delivery,
): Pick<Delivery, 'declare' | 'severity'> {
  const isRuled = kept.some(({ ruled }) => ruledSeverity(ruled.rule) !== null);
  const worst = mostSevere(
    kept.map(({ ruled, candidate }) => ruledSeverity(ruled.rule) ?? candidate.severity),
  );
  if (worst === null || (!isRuled && kept.length === judged.length)) return { declare, severity };
  return { declare: { ...declare, severity: worst }, severity: worst };
}

function declaration(
  declare: Delivery['declare'],
  { signal, candidate, ruled }: Judged,
): Delivery['declare'] {
  const { rule } = ruled;
  if (rule === null) return declare;
  const texts = { ...candidate, title: declare.title, summary: signal.summary };
  const tags = [...new Set([...(declare.tags ?? []), ...rule.tags])];
  return {
    ...declare,
    title: rule.title === null ? declare.title : titleFrom(rule.title, texts),
    // The rule's come last, so what does not fit is a rule's.
    tags: tags.slice(0, listLimit),
  };
}

function lost(
  judged: readonly Judged[],
  reason: LossReason,
  nameOf: (one: Judged) => string | null | undefined,
): readonly LostSignals[] {
  const counts = new Map<string, number>();
  for (const one of judged) {
    const name = nameOf(one);
    if (name != null) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => ({ reason, name, count }));
}

/** The delivery with its signals as severe as the rules say; for one whose incident is open already. */
export function withRuledSeverities(input: Delivery, rules: readonly DetectionRule[]): Delivery {
  if (!rules.some(({ severity }) => severity !== null)) return input;
  const firing = input.firing.map((signal) =>
    withSeverity(signal, outcomeOf(rules, candidateOf(signal, input)).rule),
  );
  return { ...input, firing };
}

/** A signal of a delivery as rules look at it: what it does not say itself, the delivery says. */
export function candidateOf(signal: Firing, { declare, severity }: Delivery): SignalCandidate {
  const ours = signal.raisesTo ?? severity ?? declare.severity;
  let labels: ReturnType<typeof labelsOf> | null = null;
  return {
    source: signal.source,
    service: signal.service ?? declare.service ?? null,
    environment: signal.environment ?? declare.environment ?? null,
    severity: ours,
    text: `${declare.title}\n${signal.summary}\n${declare.description ?? ''}`,
    labels: () => {
      labels ??= labelsOf(signal.data?.json);
      return labels;
    },
    isProtected: signal.type === 'ERROR' && (ours === 'SEV1' || ours === 'SEV2'),
  };
}

function withSeverity(signal: Firing, rule: DetectionRule | null): Firing {
  const severity = ruledSeverity(rule);
  return severity === null ? signal : { ...signal, raisesTo: severity };
}

function ruledSeverity(rule: DetectionRule | null): DetectionRule['severity'] {
  return rule?.outcome === 'DECLARE' ? rule.severity : null;
}
