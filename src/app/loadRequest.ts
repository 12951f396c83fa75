import { dedupKeyOfErrors, signalFingerprintOf } from '../domain/detection/errorReport.ts';
import { errorKey } from '../domain/detection/knownErrors.ts';
import type { IncidentCommand } from '../domain/incident/commands.ts';
import type { Episode, Joinable } from '../domain/incident/decision.ts';
import { nameKey } from '../domain/incident/naming.ts';
import { type NameKind, severities } from '../domain/incident/vocabulary.ts';
import type { Ledger } from '../domain/ledger/ledger.ts';
import type { AdministrationLoadRequest, LoadRequest } from '../store/port.ts';
import { administrationLoadOf, nothingNamed } from './administrationLoad.ts';
import type { Request } from './answer.ts';
import { isUuid } from './isUuid.ts';
import type { Job } from './job.ts';
import { WantedRuns } from './wantedRuns.ts';

type Named = { readonly kind: NameKind; readonly name: string };

/** What a batch's commands name, gathered for one load; each thing once. */
class Wanted {
  readonly incidentIds = new Set<string>();
  readonly dedupKeys = new Set<string>();
  readonly requests = new Map<string, { readonly principal: string; readonly key: string }>();
  readonly names = new Map<string, Named>();
  readonly userIds = new Set<string>();
  readonly signalIds = new Set<string>();
  readonly fingerprints = new Map<string, LoadRequest['fingerprints'][number]>();
  readonly allOpenSignalsOfDedupKeys = new Set<string>();
  readonly episodes: Episode[] = [];
  episodesInAnyCase = false;
  readonly sequences = new Set<number>();
  readonly apiKeyIds = new Set<string>();
  readonly joinable = new Map<string, Joinable>();
  readonly errors = new Map<string, LoadRequest['errors'][number]>();
  runs: WantedRuns | null = null;
  /** A command of administration is alone in its batch. */
  administration: AdministrationLoadRequest | null = null;

  name(kind: NameKind, name: string | null | undefined): void {
    if (name == null) return;
    const key = nameKey(name);
    // A name no command may use is refused when it is decided; it need not be looked up.
    if (key !== '' && key.length <= 1_000) this.names.set(`${kind} ${key}`, { kind, name: key });
  }

  id(set: Set<string>, id: string | null | undefined): void {
    if (isUuid(id)) set.add(id);
  }

  fingerprint(of: string | null, fingerprint: string | null | undefined): void {
    if (fingerprint != null) this.fingerprints.set(`${of}\n${fingerprint}`, { of, fingerprint });
  }

  text(set: Set<string>, text: string | null | undefined): void {
    // U+0000 and unpaired surrogates fit no column: what holds one is nowhere to be found, and refused when decided.
    if (text != null && !unstorable.test(text)) set.add(text);
  }
}

const unstorable = /[\0\p{Cs}]/u;

/** What tells idempotency keys of one organization apart: no key holds a line feed. */
export function requestKey(principal: string, key: string): string {
  return `${principal}\n${key}`;
}

/** Everything the commands of a batch name, for one load. */
export function loadRequestOf(organizationId: string, jobs: readonly Job[]): LoadRequest {
  const wanted = new Wanted();
  for (const job of jobs) gather(wanted, job);
  return {
    organizationId,
    incidentIds: [...wanted.incidentIds],
    dedupKeys: [...wanted.dedupKeys],
    requests: [...wanted.requests.values()],
    names: [...wanted.names.values()],
    userIds: [...wanted.userIds],
    signalIds: [...wanted.signalIds],
    fingerprints: [...wanted.fingerprints.values()],
    allOpenSignalsOfDedupKeys: [...wanted.allOpenSignalsOfDedupKeys],
    episodes: wanted.episodes,
    episodesInAnyCase: wanted.episodesInAnyCase,
    sequences: [...wanted.sequences],
    apiKeyIds: [...wanted.apiKeyIds],
    joinable: [...wanted.joinable.values()],
    errors: [...wanted.errors.values()],
    runs: wanted.runs?.request ?? null,
    administration: wanted.administration,
  };
}

/** A load of these incidents, or of where administration stands, and nothing else. */
export function loadOfIncidents(
  organizationId: string,
  incidentIds: readonly string[],
  ledger: Ledger = 'INCIDENTS',
): LoadRequest {
  const administration = ledger === 'ADMINISTRATION' ? nothingNamed : null;
  return { ...loadRequestOf(organizationId, []), incidentIds, administration };
}

function gather(wanted: Wanted, job: Job): void {
  const { request } = job;
  if (request.request) {
    const { principal, key } = request.request;
    wanted.requests.set(requestKey(principal, key), { principal, key });
  }
  // An earlier try whose outcome is unknown may have declared it after all.
  for (const { incidentId } of job.uncertain) wanted.id(wanted.incidentIds, incidentId);
  gatherMore(wanted, job);
  if (isForAdministration(request)) gatherAdministration(wanted, request);
  else gatherIncident(wanted, request, job.more === null ? nameOf(request) : null);
}

function gatherMore(wanted: Wanted, { more }: Job): void {
  if (more?.episodes === true) wanted.episodesInAnyCase = true;
  for (const userId of more?.userIds ?? []) wanted.text(wanted.userIds, userId);
  for (const one of more?.joinable ?? []) {
    if (!unstorable.test(one.key)) wanted.joinable.set(`${one.kind} ${one.key}`, one);
  }
}

/** Whether this is a command of administration. */
export function isForAdministration(request: Request): request is AdministrationRequest {
  return request.target.by === 'administration';
}

/** A request for the administration ledger. */
export type AdministrationRequest = Extract<Request, { readonly target: { readonly by: 'administration' } }>;
/** A request about an incident. */
export type IncidentRequest = Exclude<Request, AdministrationRequest>;

function gatherAdministration(wanted: Wanted, { command }: AdministrationRequest): void {
  wanted.administration = administrationLoadOf(command);
  if (command.name === 'createApiKey') wanted.id(wanted.apiKeyIds, command.input.made.apiKeyId);
  if ('apiKeyId' in command.input) wanted.id(wanted.apiKeyIds, command.input.apiKeyId);
}

/** What names the incident of a request; null where that is not known before it is looked up. */
function nameOf({ target }: IncidentRequest): string | null {
  if (target.by === 'id') return target.incidentId;
  return 'key' in target ? target.key : null;
}

/** `of`: what names the incident whose signals it needs, null when that may be any of those looked up for it. */
function gatherIncident(wanted: Wanted, request: IncidentRequest, of: string | null): void {
  const { target, command } = request;
  if (target.by === 'id') wanted.id(wanted.incidentIds, target.incidentId);
  if (target.by === 'dedupKey' || target.by === 'releasedKey') wanted.text(wanted.dedupKeys, target.key);
  gatherCommand(wanted, command, of);
  if (target.by === 'burst') wanted.runs?.addBurst(target);
}

function gatherCommand(wanted: Wanted, command: IncidentCommand, of: string | null): void {
  switch (command.name) {
    case 'declareIncident':
      gatherDeclaration(wanted, command.input);
      return;
    case 'receiveSignals':
      gatherDelivery(wanted, command.input, of);
      return;
    case 'reportRuns':
      wanted.runs ??= new WantedRuns();
      wanted.runs.add(command.input);
      return;
    case 'syncIncidents':
      gatherNames(wanted, command.input.declare);
      return;
    case 'reportErrors':
      gatherErrors(wanted, command.input, of);
      return;
    case 'attachSignal':
      gatherNames(wanted, command.input);
      wanted.fingerprint(of, command.input.fingerprint);
      return;
    case 'mergeIncidents':
      wanted.id(wanted.incidentIds, command.input.intoIncidentId);
      return;
    case 'splitSignal':
      wanted.id(wanted.signalIds, command.input.signalId);
      return;
    case 'updateIncident':
      gatherNames(wanted, command.input);
      return;
    case 'assignIncident':
      wanted.text(wanted.userIds, command.input.userId);
      wanted.name('TEAM', command.input.ownerTeam);
      return;
    case 'assignIncidentRole':
      wanted.text(wanted.userIds, command.input.userId);
      return;
    case 'setAffectedServices':
      for (const { name } of command.input.services.slice(0, 100)) wanted.name('SERVICE', name);
      return;
    case 'setTimelineVisibility':
      if (Number.isSafeInteger(command.input.sequence)) wanted.sequences.add(command.input.sequence);
      return;
    default:
      return;
  }
}

function gatherNames(
  wanted: Wanted,
  input: { readonly service?: string | null; readonly project?: string | null },
): void {
  wanted.name('SERVICE', input.service);
  wanted.name('PROJECT', input.project);
}

type InputOf<N extends IncidentCommand['name']> = Extract<IncidentCommand, { readonly name: N }>['input'];

function gatherDeclaration(wanted: Wanted, input: InputOf<'declareIncident'>): void {
  gatherNames(wanted, input);
  wanted.name('TEAM', input.ownerTeam);
  for (const signalId of (input.signalIds ?? []).slice(0, 100)) wanted.id(wanted.signalIds, signalId);
}

function gatherDelivery(wanted: Wanted, input: InputOf<'receiveSignals'>, of: string | null): void {
  gatherDeclaration(wanted, input.declare);
  // A longer delivery is refused before any of it is looked at.
  for (const signal of input.firing.slice(0, 64)) {
    gatherNames(wanted, signal);
    wanted.fingerprint(of, signal.fingerprint);
    const { fingerprint, beganAt } = signal;
    if (beganAt != null && ![input.dedupKey, fingerprint].some((text) => unstorable.test(text))) {
      wanted.episodes.push({ dedupKey: input.dedupKey, fingerprint, beganAt });
    }
  }
  for (const { fingerprint } of input.cleared.slice(0, 64)) wanted.fingerprint(of, fingerprint);
  wanted.text(wanted.dedupKeys, input.dedupKey);
  if (input.resolve) wanted.text(wanted.allOpenSignalsOfDedupKeys, input.dedupKey);
}

function gatherErrors(
  wanted: Wanted,
  { fingerprint, errors }: InputOf<'reportErrors'>,
  of: string | null,
): void {
  wanted.text(wanted.dedupKeys, dedupKeyOfErrors(fingerprint));
  // Which of them it needs the rules say.
  for (const level of severities) wanted.fingerprint(of, signalFingerprintOf(fingerprint, level));
  for (const error of errors) {
    const { source, errorId } = error;
    wanted.errors.set(errorKey(error), { source, errorId });
    wanted.name('SERVICE', error.component);
    wanted.name('PROJECT', error.project);
  }
}
