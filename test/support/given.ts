import { Episodes } from '../../src/app/episodes.ts';
import type { Actor } from '../../src/domain/access/actor.ts';
import { systemActor } from '../../src/domain/access/actor.ts';
import type { AdministrationEvent } from '../../src/domain/administration/events.ts';
import { isMutedAt, type MutedSpan } from '../../src/domain/bulkAction/bulkAction.ts';
import type { ReportedError } from '../../src/domain/detection/errorReport.ts';
import { KnownErrors } from '../../src/domain/detection/knownErrors.ts';
import type {
  DeclareInput,
  IncidentCommand,
  IncidentCommandInputs,
  IncidentCommandName,
} from '../../src/domain/incident/commands.ts';
import { decide } from '../../src/domain/incident/decide.ts';
import type {
  DecideContext,
  Decision,
  Facts,
  MoreFacts,
  RecordedError,
  RecordedRun,
} from '../../src/domain/incident/decision.ts';
import type { IncidentEvent, IncidentEventType } from '../../src/domain/incident/events.ts';
import { nameKey } from '../../src/domain/incident/naming.ts';
import type { IncidentState } from '../../src/domain/incident/state.ts';
import type { NameKind } from '../../src/domain/incident/vocabulary.ts';
import { type Instant, plusMinutes } from '../../src/domain/instant.ts';
import { defaultPolicy } from '../../src/domain/policy/defaults.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import { StorySignals } from './storySignals.ts';

/** When every story begins. */
export const start = '2026-01-01T00:00:00.000Z';

export const ada: Actor = { kind: 'USER', id: 'ada', role: 'ONCALL_ENGINEER' };
export const grace: Actor = { kind: 'USER', id: 'grace', role: 'SRE_LEAD' };
export const key: Actor = { kind: 'API_KEY', id: 'key', role: 'ORG_ADMIN' };
export const alertmanager: Actor = { kind: 'INTEGRATION', id: 'alertmanager', role: 'MEMBER' };
export const scheduler = systemActor;

const usualId = '00000000-0000-7000-8000-000000000001';

/** Who acts, and when: minutes after {@link start}; by Ada, a minute after the last event, unless said. */
export interface Circumstances {
  readonly by?: Actor;
  readonly atMinute?: number;
}

/** An incident's story without a database: each command is decided on what those before it left. */
export class Story {
  state: IncidentState | null = null;
  readonly events: IncidentEvent[] = [];
  /** What went into the administration ledger with them. */
  readonly administrationEvents: AdministrationEvent[] = [];
  gateBlockedAt: Instant | null = null;
  readonly members = new Set(['ada', 'grace']);
  /** What decisions asked for beyond what their commands name. */
  readonly lookedUp: MoreFacts[] = [];
  /** Signals without an incident, and those of other incidents. */
  readonly signals = new Map<string, string | null>();
  policy: Policy;
  #names = new Map<string, string>();
  readonly #signals = new StorySignals();
  #publicSequences = new Set<number>();
  /** What was reported, in order, with what became of it. */
  readonly errors: RecordedError[] = [];
  readonly runs: RecordedRun[] = [];
  /** What is over, of it and of what its keys named before. */
  episodes = new Episodes({ over: [], early: [] });
  /** What its source lists as hit. */
  targets: readonly string[] = [];
  /** When targets are, or were, muted. */
  readonly muted = new Map<string, readonly MutedSpan[]>();
  #ids = 0;
  #at = start;

  /** Other incidents, by id: what a merge may name. */
  readonly others = new Map<string, { readonly state: IncidentState; readonly number: number }>();
  readonly #id: string;
  readonly #number: number;

  constructor(policy: Partial<Policy> = {}, { id = usualId, number = 1 } = {}) {
    this.policy = { ...defaultPolicy, ...policy };
    this.#id = id;
    this.#number = number;
  }

  /** The state, which there is. */
  get incident(): IncidentState {
    if (this.state === null) throw new Error('Nothing has been declared.');
    return this.state;
  }

  /** Decides a command without applying it. */
  when<N extends IncidentCommandName>(
    name: N,
    input: IncidentCommandInputs[N],
    circumstances: Circumstances = {},
  ): Decision {
    return decide({ name, input } as IncidentCommand, this.state, this.context(circumstances));
  }

  /** Decides a command that must succeed, applies it, and answers the types of its events. */
  do<N extends IncidentCommandName>(
    name: N,
    input: IncidentCommandInputs[N],
    circumstances: Circumstances = {},
  ): IncidentEventType[] {
    const decision = this.when(name, input, circumstances);
    if (!decision.ok) throw new Error(`${name}: ${decision.refusal.message}`);
    this.apply(decision);
    return decision.events.map((event) => event.type);
  }

  /** The refusal of a command that must be refused. */
  refusal<N extends IncidentCommandName>(
    name: N,
    input: IncidentCommandInputs[N],
    circumstances: Circumstances = {},
  ): Refusal {
    const decision = this.when(name, input, circumstances);
    if (decision.ok) throw new Error(`${name} was accepted: ${JSON.stringify(decision.events)}`);
    return decision.refusal;
  }

  /** From now on this name is another's, as after a merge. */
  alias(kind: NameKind, name: string, of: string): void {
    const id = this.#names.get(`${kind} ${nameKey(of)}`);
    if (id === undefined) throw new Error(`There is no ${kind} ${of}.`);
    this.#names.set(`${kind} ${nameKey(name)}`, id);
  }

  /** The paths a ValidationError names, joined by dots. */
  problems<N extends IncidentCommandName>(
    name: N,
    input: IncidentCommandInputs[N],
    circumstances: Circumstances = {},
  ): string[] {
    const refusal = this.refusal(name, input, circumstances);
    if (refusal.kind !== 'ValidationError') throw new Error(`${name}: ${refusal.kind} ${refusal.message}`);
    return refusal.fields.map((field) => field.path.join('.'));
  }

  apply(decision: Decision & { readonly ok: true }): void {
    for (const event of decision.events) this.#remember(event);
    this.errors.push(...decision.errors);
    this.runs.push(...decision.runs);
    for (const clearing of decision.earlyClearings) this.episodes.remember(clearing);
    this.targets = decision.targets ?? this.targets;
    this.administrationEvents.push(...decision.administrationEvents);
    this.gateBlockedAt = decision.gateBlockedAt;
    this.state = decision.state;
    for (const at of [decision.state?.updatedAt, decision.gateBlockedAt]) {
      if (at != null && at > this.#at) this.#at = at;
    }
  }

  context({ by = ada, atMinute }: Circumstances = {}): DecideContext {
    const wanted =
      atMinute === undefined
        ? plusMinutes(this.#at, this.state === null ? 0 : 1)
        : plusMinutes(start, atMinute);
    return {
      incidentId: this.#id,
      commandId: this.newId(),
      actor: by,
      at: wanted < this.#at ? this.#at : wanted,
      policy: this.policy,
      facts: this.facts,
      gateBlockedAt: this.gateBlockedAt,
      newId: () => this.newId(),
    };
  }

  newId(): string {
    this.#ids += 1;
    return `00000000-0000-7000-9000-${String(this.#ids).padStart(12, '0')}`;
  }

  #remember(event: IncidentEvent): void {
    this.events.push(event);
    if (event.isPublic) this.#publicSequences.add(this.events.length);
    const names = 'names' in event.payload ? (event.payload.names ?? []) : [];
    for (const { kind, name, id } of names) this.#names.set(`${kind} ${nameKey(name)}`, id);
    this.#signals.note(event, this.episodes);
    if (event.type === 'INCIDENT_VISIBILITY_CHANGED') {
      const { ofSequence, isPublic } = event.payload;
      if (isPublic) this.#publicSequences.add(ofSequence);
      else this.#publicSequences.delete(ofSequence);
    }
  }

  readonly facts: Facts = {
    name: (kind: NameKind, name: string) => this.#names.get(`${kind} ${nameKey(name)}`),
    isMember: (userId) => this.members.has(userId),
    openSignal: (fingerprint) => this.#signals.open(fingerprint),
    firingSignal: (fingerprint) => this.#signals.firing().findLast((one) => one.fingerprint === fingerprint),
    openSignals: () => this.#signals.firing(),
    episode: (episode) => this.episodes.find(episode),
    signal: (signalId) => {
      const attachedTo = this.signals.get(signalId);
      return attachedTo === undefined ? undefined : { incidentId: attachedTo };
    },
    ownSignal: (signalId) => this.#signals.own(signalId),
    incident: (id) => {
      if (id !== this.#id) return this.others.get(id);
      return this.state === null ? undefined : { state: this.state, number: this.#number };
    },
    timelineEntry: (sequence) => {
      const event = this.events[sequence - 1];
      return event && { incidentId: event.incident, isPublic: this.#publicSequences.has(sequence) };
    },
    dedupKeyHolder: () => undefined,
    lookUp: (more) => {
      this.lookedUp.push(more);
      return true;
    },
    knowsRun: (source, runId) => this.runs.some((run) => run.source === source && run.runId === runId),
    knowsTarget: (target) => this.runs.some((run) => run.incidentId !== null && run.target === target),
    wasMuted: (_source, target, at) => isMutedAt(this.muted.get(target) ?? [], at),
    lastBurst: () => this.state?.burst?.ordinal ?? 0,
    knowsError: (error) => new KnownErrors(this.errors).has(error),
  };
}

/** A story that begins with a declaration by the API key. */
export function declared(input: Partial<DeclareInput> = {}, policy: Partial<Policy> = {}): Story {
  const story = new Story(policy);
  story.do('declareIncident', { title: 'Checkout is down', severity: 'SEV3', ...input }, { by: key });
  return story;
}

export const rootCause = {
  summary: 'A bad deploy',
  category: 'SYSTEM_DEFECT',
  remediationSteps: 'Roll back',
} as const;

/** A story brought to a status the usual way: acknowledged and found out by Ada, resolved by Grace. */
export function inStatus(
  status: IncidentState['status'],
  input: Partial<DeclareInput> = {},
  policy: Partial<Policy> = {},
): Story {
  return brought(declared(input, policy), status);
}

/** A reported incident, brought to this status by Ada and Grace. */
export function brought(story: Story, status: IncidentState['status']): Story {
  if (status === 'REPORTED') return story;
  if (status === 'CANCELLED') {
    story.do('cancelIncident', { reason: 'False alarm' }, { by: grace });
    return story;
  }
  story.do('acknowledgeIncident', {});
  if (status === 'ACKNOWLEDGED') return story;
  if (status === 'INVESTIGATING') {
    story.do('changeIncidentStatus', { status: 'INVESTIGATING' });
    return story;
  }
  story.do('recordRootCause', rootCause);
  if (status === 'IDENTIFIED') return story;
  if (status === 'MITIGATED') {
    story.do('changeIncidentStatus', { status: 'MITIGATED' });
    return story;
  }
  story.do('resolveIncident', { summary: 'Rolled back' }, { by: grace });
  if (status === 'CLOSED') story.do('closeIncident', { lessonsLearned: 'Test', followUps: ['Add a test'] });
  return story;
}

/** A CRITICAL error of the checkout's, as it is kept; `more` replaces what it says. */
export function reported(errorId: string, more: Partial<ReportedError> = {}): ReportedError {
  return {
    errorId,
    severity: 'CRITICAL',
    source: 'shop',
    component: 'checkout',
    type: 'TimeoutError',
    message: 'Database connection timeout',
    environment: null,
    project: null,
    correlationKey: null,
    traceId: null,
    data: null,
    at: null,
    ...more,
  };
}
