import type { IncidentSeverity } from '../incident/vocabulary.ts';
import type { Instant } from '../instant.ts';
import { isMoreSevere } from './mostSevere.ts';

/** The most incidents one sync carries. Source: issue "Detection", I3. */
export const incidentsPerSyncLimit = 500;

/** The most targets that one of them lists. */
export const targetsPerSyncedIncidentLimit = 1_000;

/** An incident that another system has, as it is told. */
export interface IncidentReport {
  /** Its name for good in its source. */
  readonly key: string;
  /** Null or left out: the source of all of them. */
  readonly source?: string | null;
  /** `SEV1` to `SEV4`, in any of the ways people write it. */
  readonly severity: string;
  readonly title?: string | null;
  /** These say where it is when it is declared; people edit them from then on. */
  readonly service?: string | null;
  readonly environment?: string | null;
  readonly project?: string | null;
  readonly startedAt: Instant;
  readonly endedAt?: Instant | null;
  /** Null while it goes on. */
  readonly resolvedAt?: Instant | null;
  /** When it was so; null: when it was resolved, else ended, else began. */
  readonly asOf?: Instant | null;
  readonly errorCount?: number | null;
  readonly uniqueTargets?: number | null;
  readonly targets?: readonly string[] | null;
  readonly latestRunId?: string | null;
  readonly latestError?: string | null;
}

/** An incident as its source has it: every text fits, and what was left out is made. */
export interface SyncedIncident {
  readonly source: string;
  readonly key: string;
  /** Of two of the same incident the later one holds. */
  readonly asOf: Instant;
  /** The worst it was ever said to be. */
  readonly severity: IncidentSeverity;
  readonly title: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  /** The latest it was ever said to be resolved at; null until then. */
  readonly resolvedAt: Instant | null;
  /** Null when it is about something that is not counted. */
  readonly errorCount: number | null;
  readonly uniqueTargets: number;
  /** SHA-256 of the listed targets in hexadecimal; null when none is listed. */
  readonly targetsDigest: string | null;
  readonly latestRunId: string | null;
  readonly latestError: string | null;
}

/** What of an incident follows its source until a person writes it. */
export const syncedFields = ['title', 'severity', 'startedAt', 'endedAt'] as const;
export type SyncedField = (typeof syncedFields)[number];

/** What an incident keeps of its source. */
export interface SyncState extends SyncedIncident {
  /** What a person has written since it is synced: no sync changes that any more. */
  readonly personal: readonly SyncedField[];
}

/**
 * The dedup key of a source's incident. It is never given back: whatever became of the incident, also when it was merged,
 * the key leads to it and declares nothing again. Both are texts that an event may hold.
 */
export function keyOfSync(source: string, key: string): string {
  return `sync:${encodeURIComponent(source)}:${key}`;
}

/** `SEV1`, `SEV-1`, `sev 1`, `Sev_1` → SEV1; null for what is none of ours. Source: rules.md, Detection. */
export function severityOfSync(text: string): IncidentSeverity | null {
  const [, level] = /^sev[-_ ]?([1-4])$/i.exec(text.trim()) ?? [];
  return level === undefined ? null : (`SEV${level}` as IncidentSeverity);
}

/**
 * An incident after one more sync of it; null when that says nothing new. The later of the two by `asOf` holds, of two
 * at once the one that counts more, of two that count the same what is told now. It stays as severe as it ever was, and
 * resolved once it was. So what comes twice or late undoes nothing, and any order leads to the same.
 */
export function afterSync(known: SyncedIncident, told: SyncedIncident): SyncedIncident | null {
  const later = isSuperseded(told, known) ? known : told;
  const next: SyncedIncident = {
    ...later,
    severity: isMoreSevere(known.severity, told.severity) ? known.severity : told.severity,
    resolvedAt: latest(known.resolvedAt, told.resolvedAt),
  };
  return differences(known, next).length === 0 ? null : next;
}

/**
 * What the source of a synced incident has to say about its being over, when nothing of it fires any more: GOING_ON
 * holds it open, OVER resolves it whatever the policy. Null: nothing, for it is not synced or was reopened since.
 */
export function standingOfSync({
  sync,
  reopenedAt,
}: {
  readonly sync: SyncedIncident | null;
  readonly reopenedAt: Instant | null;
}): 'GOING_ON' | 'OVER' | null {
  if (sync === null) return null;
  if (sync.resolvedAt === null) return 'GOING_ON';
  return reopenedAt !== null && sync.resolvedAt <= reopenedAt ? null : 'OVER';
}

/** In which fields two differ. */
export function differences(one: SyncedIncident, other: SyncedIncident): readonly (keyof SyncedIncident)[] {
  return comparedFields.filter((field) => one[field] !== other[field]);
}

const comparedFields = [
  'asOf',
  'severity',
  'title',
  'startedAt',
  'endedAt',
  'resolvedAt',
  'errorCount',
  'uniqueTargets',
  'targetsDigest',
  'latestRunId',
  'latestError',
] as const satisfies readonly (keyof SyncedIncident)[];

function isSuperseded(one: SyncedIncident, by: SyncedIncident): boolean {
  if (one.asOf !== by.asOf) return one.asOf < by.asOf;
  const [errors, more] = [one.errorCount ?? 0, by.errorCount ?? 0];
  return errors === more ? one.uniqueTargets < by.uniqueTargets : errors < more;
}

function latest(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}
