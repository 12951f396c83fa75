import { clipText } from '../clipText.ts';
import type { IncidentCommandInputs } from '../incident/commands.ts';
import { limits } from '../incident/limits.ts';
import { InputCheck } from '../inputCheck.ts';
import type { Instant } from '../instant.ts';
import type { Refusal } from '../refusal.ts';
import { withoutRefused } from '../textProblem.ts';
import {
  type IncidentReport,
  incidentsPerSyncLimit,
  type SyncedIncident,
  severityOfSync,
  targetsPerSyncedIncidentLimit,
} from './syncedIncident.ts';

/** Incidents as they are told, with the source of those that name none. */
export interface SyncReport {
  readonly source: string | null;
  readonly incidents: readonly IncidentReport[];
}

/** An incident that fits, and the targets it lists, each once and in order. */
export interface CheckedIncident {
  readonly incident: Omit<SyncedIncident, 'targetsDigest'>;
  readonly targets: readonly string[];
  readonly declare: IncidentCommandInputs['syncIncidents']['declare'];
}

/** The largest count that a column holds. */
const largestCount = 2_147_483_647;

/**
 * The incidents of one sync, made to fit: titles and errors are clipped. Refused, all of them and each problem named, is
 * what cannot be: a severity that is none, an end before the beginning, a future, a key twice, more than
 * {@link incidentsPerSyncLimit}. `now` is the clock's.
 */
export function checkedSync(
  { source, incidents }: SyncReport,
  now: Instant,
): readonly CheckedIncident[] | Refusal {
  const check = new InputCheck();
  if (incidents.length === 0 || incidents.length > incidentsPerSyncLimit) {
    const message = `1 to ${incidentsPerSyncLimit} incidents are expected; these are ${incidents.length}.`;
    check.note('incidents', message);
    return check.refusal?.refusal ?? [];
  }
  const common = source === null ? null : check.text('source', source, limits.name);
  const seen = new Map<string, number>();
  const checked = incidents.map((report, index) => {
    const one = new Checking(check, index, report, now);
    const incident = one.incident(common);
    const name = `${incident.source}\n${incident.key}`;
    const twin = seen.get(name);
    if (twin !== undefined) one.note('key', `Entry ${twin} is the same incident: name each once.`);
    seen.set(name, twin ?? index);
    return { incident, targets: one.targets, declare: one.declare };
  });
  return check.refusal?.refusal ?? checked;
}

/** One incident being checked. */
class Checking {
  readonly targets: readonly string[];
  readonly #check: InputCheck;
  readonly #path: readonly string[];
  readonly #report: IncidentReport;
  readonly #now: Instant;

  constructor(check: InputCheck, index: number, report: IncidentReport, now: Instant) {
    this.#check = check;
    this.#path = ['incidents', String(index)];
    this.#report = report;
    this.#now = now;
    this.targets = this.#targets();
  }

  note(field: keyof IncidentReport, message: string): void {
    this.#check.note([...this.#path, field], message);
  }

  incident(commonSource: string | null): CheckedIncident['incident'] {
    const report = this.#report;
    const at = (field: keyof IncidentReport) => [...this.#path, field];
    const source = this.#source(commonSource);
    const key = this.#check.text(at('key'), report.key, limits.key);
    const startedAt = this.#instant('startedAt') ?? this.#now;
    const endedAt = this.#notBefore(startedAt, 'endedAt');
    const resolvedAt = this.#notBefore(startedAt, 'resolvedAt');
    const latestError = kept(report.latestError, limits.signalSummary);
    const made = `${source}: ${latestError?.split('\n', 1)[0] ?? key}`;
    return {
      source,
      key,
      asOf: this.#instant('asOf') ?? latest(latest(startedAt, endedAt), resolvedAt),
      severity: this.#severity(),
      title: kept(report.title, limits.title) ?? clipText(made, limits.title),
      startedAt,
      endedAt,
      resolvedAt,
      errorCount:
        report.errorCount == null
          ? null
          : this.#check.whole(at('errorCount'), report.errorCount, 0, largestCount),
      uniqueTargets: this.#uniqueTargets(),
      latestRunId: this.#check.optionalText(at('latestRunId'), report.latestRunId, limits.key),
      latestError,
    };
  }

  get declare(): CheckedIncident['declare'] {
    const { service, environment, project } = this.#report;
    return {
      service: kept(service, limits.name),
      environment: kept(environment, limits.name),
      project: kept(project, limits.name),
    };
  }

  #source(common: string | null): string {
    const { source } = this.#report;
    if (source != null) return this.#check.text([...this.#path, 'source'], source, limits.name);
    if (common === null) this.note('source', 'Say which system has it.');
    return common ?? '';
  }

  #severity(): SyncedIncident['severity'] {
    const severity = severityOfSync(this.#report.severity);
    if (severity === null)
      this.note('severity', "SEV1, SEV2, SEV3 or SEV4 is expected, or what the key's severity map names.");
    return severity ?? 'SEV4';
  }

  #instant(field: 'startedAt' | 'endedAt' | 'resolvedAt' | 'asOf'): Instant | null {
    const value = this.#report[field];
    return value == null ? null : this.#check.pastInstant([...this.#path, field], value, this.#now);
  }

  #notBefore(startedAt: Instant, field: 'endedAt' | 'resolvedAt'): Instant | null {
    const instant = this.#instant(field);
    if (instant !== null && instant < startedAt) this.note(field, 'This lies before `startedAt`.');
    return instant;
  }

  #targets(): readonly string[] {
    const { targets } = this.#report;
    if (targets == null) return [];
    if (targets.length > targetsPerSyncedIncidentLimit) {
      const message = `At most ${targetsPerSyncedIncidentLimit} are allowed; these are ${targets.length}. Say the rest with \`uniqueTargets\`.`;
      this.note('targets', message);
      return [];
    }
    const path = (index: number) => [...this.#path, 'targets', String(index)];
    const texts = targets.map((target, index) => this.#check.text(path(index), target, limits.key));
    return [...new Set(texts)].sort();
  }

  #uniqueTargets(): number {
    const { uniqueTargets } = this.#report;
    if (uniqueTargets == null) return this.targets.length;
    const count = this.#check.whole([...this.#path, 'uniqueTargets'], uniqueTargets, 0, largestCount);
    if (count < this.targets.length) {
      this.note('uniqueTargets', `\`targets\` lists ${this.targets.length} already.`);
    }
    return count;
  }
}

function kept(text: string | null | undefined, max: number): string | null {
  const clean = withoutRefused(text ?? '').trim();
  return clean === '' ? null : clipText(clean, max);
}

function latest(one: Instant, other: Instant | null): Instant {
  return other !== null && other > one ? other : one;
}
