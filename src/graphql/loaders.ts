import type DataLoader from 'dataloader';
import type { BulkTargetState } from '../domain/bulkAction/bulkAction.ts';
import type { IncidentRecord } from '../domain/incident/state.ts';
import type { NameKind } from '../domain/incident/vocabulary.ts';
import type { AdministrationEntry } from '../domain/ledger/ledger.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { type ApiKeyRow, apiKeys } from '../store/read/apiKeys.ts';
import { type Moment, momentKey, type VersionThen, versionsThen } from '../store/read/asOf.ts';
import {
  type BulkActionRow,
  type BulkTargetCounts,
  type BulkTargetRow,
  bulkActionOf,
  bulkTargetCounts,
  targetsOfBulkActions,
} from '../store/read/bulkActions.ts';
import { type Beginning, type ChangeRow, changesById, recentChanges } from '../store/read/changes.ts';
import { deadLetterBodies } from '../store/read/deadLetters.ts';
import { type EngagementRow, engagements } from '../store/read/engagements.ts';
import { type EscalationRow, escalationOf } from '../store/read/escalations.ts';
import { type FollowUpRow, followUps } from '../store/read/followUps.ts';
import { type ActionRow, actionOf } from '../store/read/incidentActions.ts';
import type { ListedIncident } from '../store/read/incidentRecord.ts';
import { incidents, incidentTexts } from '../store/read/incidents.ts';
import { incidentTimelines, type ShownEntry, type TimelineFilter } from '../store/read/incidentTimelines.ts';
import { type InvitationRow, invitations } from '../store/read/invitations.ts';
import { administrationEventsAt, incidentEventsAt } from '../store/read/ledgerEvents.ts';
import { aliasesOf, type NameRow, names, type TeamMemberRow, teamMembers } from '../store/read/names.ts';
import { type MemberRow, members, type UserRow, users } from '../store/read/people.ts';
import { type PolicyKey, policies } from '../store/read/policy.ts';
import { type Relation, relatedCounts, relatedIncidents } from '../store/read/relatedIncidents.ts';
import { rowsById, rowsOfIncidents } from '../store/read/rowsOfIncidents.ts';
import { type RunKey, type RunRow, runKey, runs, runsOfIncidents } from '../store/read/runs.ts';
import { type RunTargetRow, runTargetsOfIncidents } from '../store/read/runTargets.ts';
import type { ReadScope } from '../store/read/scope.ts';
import { type GateStanding, gateStandings } from '../store/read/sessionGate.ts';
import { type SignalRow, signalData, signals, signalsOfIncidents } from '../store/read/signals.ts';
import type { Window } from '../store/read/slice.ts';
import { type SloViolationRow, sloViolationOf } from '../store/read/sloViolations.ts';
import { type PastState, statesAt } from '../store/read/statesAt.ts';
import { BatchedReads, type ById, type Pages } from './batchedReads.ts';
import type { NamedKind, RememberedNames } from './rememberedNames.ts';

/** Everything one request reads, batched. */
export class Loaders extends BatchedReads {
  readonly #names: RememberedNames | null;
  /** Since before anything was read: a loader answers again what it read when a name may still have been another. */
  #remember: ReturnType<RememberedNames['reading']> | null;

  constructor(scope: ReadScope, names: RememberedNames | null) {
    super(scope);
    this.#names = names;
    this.#remember = names?.reading() ?? null;
  }

  override clear(): void {
    super.clear();
    this.#remember = this.#names?.reading() ?? null;
  }

  /** Incidents as they are now, without their long texts. */
  get incident(): ById<ListedIncident> {
    return this.byId('incident', incidents);
  }

  /** Description and notes of incidents. */
  get incidentText(): ById<{ readonly description: string; readonly notes: string }> {
    return this.byId('incidentText', incidentTexts);
  }

  /** Incidents as they were right after one of their versions. */
  get stateAt(): DataLoader<PastState, IncidentRecord | null, string> {
    return this.loader<PastState, IncidentRecord, string>(
      'stateAt',
      statesAt,
      ({ incidentId, version }) => `${incidentId} ${version}`,
    );
  }

  /** Which version an incident had at a past moment. */
  get versionThen(): DataLoader<Moment, VersionThen | null, string> {
    return this.loader('versionThen', versionsThen, momentKey);
  }

  get user(): ById<UserRow> {
    return this.byId('user', users);
  }

  get engagement(): ById<EngagementRow> {
    return this.byId('engagement', engagements);
  }

  get sessionGate(): ById<GateStanding> {
    return this.byId('sessionGate', gateStandings);
  }

  get member(): ById<MemberRow> {
    return this.byId('member', members);
  }

  get invitation(): ById<InvitationRow> {
    return this.byId('invitation', invitations);
  }

  get service(): ById<NameRow> {
    return this.byId('service', (scope, ids) => names(scope, 'SERVICE', ids));
  }

  get team(): ById<NameRow> {
    return this.byId('team', (scope, ids) => names(scope, 'TEAM', ids));
  }

  get project(): ById<NameRow> {
    return this.byId('project', (scope, ids) => names(scope, 'PROJECT', ids));
  }

  /** The other names that lead to services, teams or projects. */
  aliasesOf(kind: NameKind): ById<readonly string[]> {
    return this.byId(`aliases ${kind}`, (scope, ids) => aliasesOf(scope, kind, ids));
  }

  /** The same page of the members of many teams. */
  membersOf(window: Window): Pages<TeamMemberRow> {
    return this.pages('teamMembers', window, (scope, ids) => teamMembers(scope, ids, window));
  }

  get apiKey(): ById<ApiKeyRow> {
    return this.byId('apiKey', apiKeys);
  }

  /** The name of a person, key, service, team or project; null when there is none (any more). At once if remembered. */
  nameOf(kind: NamedKind, id: string): string | null | Promise<string | null> {
    return this.#names?.get(kind, id) ?? this.#readName(kind, id);
  }

  async #readName(kind: NamedKind, id: string): Promise<string | null> {
    const remember = this.#remember;
    const loader: DataLoader<string, { readonly name: string } | null> = this[loaderOf[kind]];
    const name = (await loader.load(id))?.name ?? null;
    if (name !== null) remember?.(kind, id, name);
    return name;
  }

  /** Policies by version, or the one in force. */
  get policy(): DataLoader<PolicyKey, Policy | null> {
    return this.loader<PolicyKey, Policy, PolicyKey>('policy', policies);
  }

  get signal(): ById<SignalRow> {
    return this.byId('signal', signals);
  }

  get change(): ById<ChangeRow> {
    return this.byId('change', changesById);
  }

  /** What changed in the hour before each of many beginnings. */
  get changesBefore(): DataLoader<Beginning, ChangeRow[] | null, string> {
    return this.loader('changesBefore', recentChanges, (beginning: Beginning) => JSON.stringify(beginning));
  }

  get signalData(): ById<string> {
    return this.byId('signalData', signalData);
  }

  /** What came, of deliveries that could not be taken in. */
  get deadLetterBody(): ById<Uint8Array> {
    return this.byId('deadLetterBody', deadLetterBodies);
  }

  get action(): ById<ActionRow> {
    return this.byId('action', (scope, ids) => rowsById(scope, 'incident_action', ids, actionOf));
  }

  get escalation(): ById<EscalationRow> {
    return this.byId('escalation', (scope, ids) => rowsById(scope, 'escalation', ids, escalationOf));
  }

  get sloViolation(): ById<SloViolationRow> {
    return this.byId('sloViolation', (scope, ids) => rowsById(scope, 'slo_violation', ids, sloViolationOf));
  }

  get followUp(): ById<FollowUpRow> {
    return this.byId('followUp', followUps);
  }

  /** Entries of the incidents ledger by sequence. */
  get incidentEvent(): DataLoader<number, ShownEntry | null> {
    return this.loader<number, ShownEntry, number>('incidentEvent', incidentEventsAt);
  }

  /** Entries of the administration ledger by sequence. */
  get administrationEvent(): DataLoader<number, AdministrationEntry | null> {
    return this.loader<number, AdministrationEntry, number>('administrationEvent', administrationEventsAt);
  }

  /** The same page of the timelines of many incidents; so are the pages of other things of an incident below. */
  timeline(window: Window, filter: TimelineFilter): Pages<ShownEntry> {
    return this.pages('timeline', { window, filter }, (scope, ids) =>
      incidentTimelines(scope, ids, window, filter),
    );
  }

  signalsOf(window: Window): Pages<SignalRow> {
    return this.pages('signals', window, (scope, ids) => signalsOfIncidents(scope, ids, window));
  }

  get run(): DataLoader<RunKey, RunRow | null, string> {
    return this.loader<RunKey, RunRow, string>('run', runs, runKey);
  }

  runsOf(window: Window): Pages<RunRow> {
    return this.pages('runs', window, (scope, ids) => runsOfIncidents(scope, ids, window));
  }

  runTargetsOf(window: Window): Pages<RunTargetRow> {
    return this.pages('runTargets', window, (scope, ids) => runTargetsOfIncidents(scope, ids, window));
  }

  /** Bulk actions by id. */
  get bulkAction(): ById<BulkActionRow> {
    return this.byId('bulkAction', (scope, ids) => rowsById(scope, 'bulk_action', ids, bulkActionOf));
  }

  bulkActionsOf(window: Window): Pages<BulkActionRow> {
    return this.pages('bulkActions', window, (scope, ids) =>
      rowsOfIncidents(scope, 'bulk_action', ids, window, bulkActionOf),
    );
  }

  get bulkTargetCounts(): ById<BulkTargetCounts> {
    return this.byId('bulkTargetCounts', bulkTargetCounts);
  }

  bulkTargetsOf(window: Window, states: readonly BulkTargetState[] | null): Pages<BulkTargetRow> {
    return this.pages('bulkTargets', { window, states }, (scope, ids) =>
      targetsOfBulkActions(scope, ids, window, states),
    );
  }

  actionsOf(window: Window): Pages<ActionRow> {
    return this.pages('actions', window, (scope, ids) =>
      rowsOfIncidents(scope, 'incident_action', ids, window, actionOf),
    );
  }

  escalationsOf(window: Window): Pages<EscalationRow> {
    return this.pages('escalations', window, (scope, ids) =>
      rowsOfIncidents(scope, 'escalation', ids, window, escalationOf),
    );
  }

  sloViolationsOf(window: Window): Pages<SloViolationRow> {
    return this.pages('sloViolations', window, (scope, ids) =>
      rowsOfIncidents(scope, 'slo_violation', ids, window, sloViolationOf),
    );
  }

  relatedTo(window: Window, by: Relation): Pages<ListedIncident> {
    return this.pages('related', { window, by }, (scope, ids) =>
      relatedIncidents(scope, ids, { window, by }),
    );
  }

  /** How many incidents are related to each of many; counting stops beyond 10,000. */
  relatedCount(by: Relation): DataLoader<string, number | null> {
    return this.byId(`relatedCount ${by}`, (scope, ids) => relatedCounts(scope, ids, by));
  }
}

const loaderOf = {
  USER: 'user',
  API_KEY: 'apiKey',
  SERVICE: 'service',
  TEAM: 'team',
  PROJECT: 'project',
} as const satisfies Record<NamedKind, keyof Loaders>;

/** Loaders of one request, or of one batch of a subscription's events: never longer, because they remember. */
export function createLoaders(scope: ReadScope, names: RememberedNames | null = null): Loaders {
  return new Loaders(scope, names);
}
