import type { Reporting } from '../app/reportErrors.ts';
import { type IncidentsSynced, syncIncidents } from '../app/syncIncidents.ts';
import type { Principal } from '../domain/access/principal.ts';
import type { SyncReport } from '../domain/detection/checkedSync.ts';
import type { IncidentReport } from '../domain/detection/syncedIncident.ts';
import type { Instant } from '../domain/instant.ts';
import type { FieldProblem } from '../domain/refusal.ts';
import { undelivered } from './deliver.ts';
import { FieldReader, type JsonObject } from './fieldReader.ts';
import type { TakenIn } from './takeIn.ts';
import type { ScopeOf } from './takeInErrors.ts';
import { textOf } from './textOf.ts';

/** What synced incidents are called in the path, in the log and among dead letters. */
export const incidentsFormat = 'incidents';

/** What became of a body of incidents. */
export type IncidentsTakenIn =
  | { readonly kind: 'reported'; readonly incidents: IncidentsSynced['incidents'] }
  | Exclude<TakenIn, { readonly kind: 'committed' }>;

/** Reads a body of incidents and syncs them, as their key is configured. */
export async function takeInIncidents(
  value: unknown,
  principal: Principal,
  {
    handle,
    scopeOf,
    now,
  }: Pick<Reporting, 'handle'> & { readonly scopeOf: ScopeOf; readonly now: () => Instant },
): Promise<IncidentsTakenIn> {
  const reader = new FieldReader();
  const report = reportOf(reader, value);
  if (reader.problems.length > 0) return { kind: 'invalid', problems: reader.problems };
  try {
    const syncing = { principal, handle, scope: scopeOf(principal), request: null, now: now() };
    const synced = await syncIncidents(report, syncing);
    if (synced.kind === 'done') return { kind: 'reported', incidents: synced.incidents };
    if (synced.kind !== 'ValidationError') return { kind: 'refused', refusal: synced };
    const { fields } = synced;
    return { kind: 'invalid', problems: Array.isArray(value) ? fields.map(inList) : fields };
  } catch (error) {
    return undelivered(error);
  }
}

/** A problem of a report by where it stands in a body that is the list itself. */
function inList({ path: [, ...path], message }: FieldProblem): FieldProblem {
  return { path, message };
}

function reportOf(reader: FieldReader, value: unknown): SyncReport {
  if (Array.isArray(value)) return { source: null, incidents: value.map(incidentOf(reader, [])) };
  const { source, incidents } = reader.object([], value);
  return {
    source: source == null ? null : textOf(source),
    incidents: reader.list(['incidents'], incidents).map(incidentOf(reader, ['incidents'])),
  };
}

/** Other names of a field: where incidents are rows, and their targets subscriptions. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  key: ['id'],
  startedAt: ['started_at'],
  endedAt: ['ended_at'],
  resolvedAt: ['resolved_at'],
  asOf: ['as_of'],
  errorCount: ['error_count'],
  uniqueTargets: ['unique_targets', 'unique_subscriptions'],
  targets: ['subscription_ids'],
  latestRunId: ['latest_run_id'],
  latestError: ['latest_error'],
};

function incidentOf(reader: FieldReader, of: readonly string[]) {
  return (value: unknown, index: number): IncidentReport => {
    const path = [...of, String(index)];
    const fields = new Fields(reader, path, reader.object(path, value));
    const startedAt = fields.instant('startedAt');
    if (startedAt === null) fields.note('startedAt', 'This is missing; an instant is expected.');
    const resolvedAt = fields.instant('resolvedAt');
    fields.checkStatus(resolvedAt !== null);
    return {
      source: fields.text('source'),
      key: fields.text('key') ?? '',
      severity: fields.text('severity') ?? '',
      title: fields.text('title'),
      service: fields.text('service'),
      environment: fields.text('environment'),
      project: fields.text('project'),
      startedAt: startedAt ?? '',
      endedAt: fields.instant('endedAt'),
      resolvedAt,
      asOf: fields.instant('asOf'),
      errorCount: fields.count('errorCount'),
      uniqueTargets: fields.count('uniqueTargets'),
      targets: fields.texts('targets'),
      latestRunId: fields.text('latestRunId'),
      latestError: fields.text('latestError'),
    };
  };
}

/** The fields of one incident, under either of their names. */
class Fields {
  readonly #reader: FieldReader;
  readonly #path: readonly string[];
  readonly #object: JsonObject;

  constructor(reader: FieldReader, path: readonly string[], object: JsonObject) {
    this.#reader = reader;
    this.#path = path;
    this.#object = object;
  }

  note(field: string, message: string): void {
    this.#reader.note([...this.#path, field], message);
  }

  text(field: string): string | null {
    const value = this.#value(field);
    return value == null ? null : textOf(value);
  }

  instant(field: string) {
    return this.#reader.instant([...this.#path, field], this.#value(field));
  }

  count(field: string): number | null {
    const value = this.#value(field);
    if (value == null || typeof value === 'number') return value ?? null;
    this.note(field, 'A number is expected.');
    return null;
  }

  texts(field: string): readonly string[] {
    const value = this.#value(field);
    return value == null ? [] : this.#reader.list([...this.#path, field], value).map(textOf);
  }

  /** Its status says the same as `resolvedAt`, where there is one. */
  checkStatus(isResolved: boolean): void {
    const status = this.text('status')?.trim().toLowerCase();
    if (status === undefined || status === (isResolved ? 'resolved' : 'open')) return;
    if (status === 'resolved') this.note('resolvedAt', 'It is resolved: say when.');
    else if (status === 'open') this.note('status', 'It is resolved, by `resolvedAt`.');
    else this.note('status', '"open" or "resolved" is expected.');
  }

  #value(field: string): unknown {
    for (const name of [field, ...(otherNames[field] ?? [])]) {
      if (this.#object[name] != null) return this.#object[name];
    }
    return undefined;
  }
}
