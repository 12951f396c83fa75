import type { IncidentMode, IncidentSeverity, IncidentStatus } from '../../domain/incident/vocabulary.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Statement } from './statement.ts';

/** From (included) until (not included); null leaves an end open. */
export interface InstantRange {
  readonly from: Instant | null;
  readonly until: Instant | null;
}

/** Which incidents are wanted. Absent leaves a condition out; a list means any of, `tags` all of. */
export interface IncidentFilter {
  readonly status?: readonly IncidentStatus[];
  readonly severity?: readonly IncidentSeverity[];
  readonly isOpen?: boolean;
  readonly acknowledged?: boolean;
  readonly overdue?: boolean;
  readonly hasNotes?: boolean;
  readonly hasRootCause?: boolean;
  readonly slaBreached?: boolean;
  readonly source?: readonly string[];
  readonly type?: readonly string[];
  readonly environment?: readonly string[];
  readonly serviceId?: readonly string[];
  readonly projectId?: readonly string[];
  readonly ownerTeamId?: readonly string[];
  readonly assigneeId?: string;
  readonly tags?: readonly string[];
  readonly correlationKey?: string;
  /** Words of title and description, or one reference. */
  readonly search?: string;
  readonly mode?: IncidentMode;
  readonly detectedAt?: InstantRange;
  readonly reportedAt?: InstantRange;
  readonly endedAt?: InstantRange;
  readonly resolvedAt?: InstantRange;
}

const flags = {
  isOpen: 'is_open',
  acknowledged: 'acknowledged',
  hasNotes: 'has_notes',
  hasRootCause: 'has_root_cause',
  slaBreached: 'sla_breached',
} as const;

const texts = {
  status: 'status',
  severity: 'severity',
  source: 'source',
  type: 'type',
  environment: 'environment',
} as const;

const ids = {
  serviceId: { column: 'service_id', table: 'service' },
  projectId: { column: 'project_id', table: 'project' },
  ownerTeamId: { column: 'owner_team_id', table: 'team' },
} as const;

const ranges = {
  detectedAt: 'detected_at',
  reportedAt: 'reported_at',
  endedAt: 'ended_at',
  resolvedAt: 'resolved_at',
} as const;

/**
 * The filter as conditions on `incident_list` as `l`, to be joined by AND; `organization` is its placeholder in
 * `statement`, `now` what overdue is compared with. Equality only where an index serves under row-level security.
 */
export function incidentConditions(
  filter: IncidentFilter,
  statement: Statement,
  organization: string,
  now: Instant,
): string[] {
  const conditions = [`l.organization_id = ${organization}`];
  for (const [field, column] of entriesOf(flags)) {
    const wanted = filter[field];
    if (wanted !== undefined) conditions.push(wanted ? `l.${column}` : `NOT l.${column}`);
  }
  for (const [field, column] of entriesOf(texts)) {
    const wanted = filter[field];
    if (wanted) conditions.push(`l.${column} = ANY(${statement.value(wanted)}::text[])`);
  }
  for (const [field, { column, table }] of entriesOf(ids)) {
    const wanted = filter[field];
    if (wanted) conditions.push(`l.${column} = ANY(${withAliases(table, wanted, statement, organization)})`);
  }
  for (const [field, column] of entriesOf(ranges)) {
    const { from = null, until = null } = filter[field] ?? {};
    if (from !== null) conditions.push(`l.${column} >= ${statement.value(from)}::timestamptz`);
    if (until !== null) conditions.push(`l.${column} < ${statement.value(until)}::timestamptz`);
  }
  if (filter.assigneeId !== undefined)
    conditions.push(`l.assignee_id = ${statement.value(filter.assigneeId)}`);
  if (filter.mode !== undefined) conditions.push(`l.mode = ${statement.value(filter.mode)}`);
  if (filter.overdue !== undefined) {
    const instant = `${statement.value(now)}::timestamptz`;
    conditions.push(
      filter.overdue ? `l.overdue_at <= ${instant}` : `(l.overdue_at IS NULL OR l.overdue_at > ${instant})`,
    );
  }
  conditions.push(...elsewhereConditions(filter, statement, organization));
  return conditions;
}

/** The entries of these ids and all that was ever merged into one of them: incidents say the id they were given then. */
function withAliases(
  table: string,
  wanted: readonly string[],
  statement: Statement,
  organization: string,
): string {
  return `ARRAY(
    SELECT e.id FROM (
      SELECT DISTINCT coalesce(x.merged_into, x.id) AS id FROM warroom.${table} x
      WHERE x.organization_id = ${organization} AND x.id = ANY(${statement.value(wanted)}::uuid[])
    ) w CROSS JOIN LATERAL (
      SELECT w.id UNION ALL
      SELECT a.id FROM warroom.${table} a WHERE a.organization_id = ${organization} AND a.merged_into = w.id
    ) e)`;
}

/** Conditions that other tables answer. */
function elsewhereConditions(filter: IncidentFilter, statement: Statement, organization: string): string[] {
  const conditions: string[] = [];
  const holds = (table: string, column: string, value: string) =>
    `EXISTS (SELECT 1 FROM warroom.${table} x WHERE x.organization_id = ${organization}
       AND x.${column} = ${statement.value(value)} AND x.incident_id = l.incident_id)`;
  for (const tag of filter.tags ?? []) conditions.push(holds('incident_tag', 'tag', tag));
  if (filter.correlationKey !== undefined) {
    conditions.push(holds('incident_correlation_key', 'correlation_key', filter.correlationKey));
  }
  if (filter.search !== undefined) {
    const reference = /^\s*inc-?0*(\d{1,9})\s*$/i.exec(filter.search);
    conditions.push(
      reference
        ? `l.number = ${statement.value(Number(reference[1]))}`
        : `l.incident_id IN (SELECT warroom.search_incidents(${organization}, ${statement.value(filter.search)}))`,
    );
  }
  return conditions;
}

function entriesOf<T extends object>(map: T): [keyof T & string, T[keyof T]][] {
  return Object.entries(map) as [keyof T & string, T[keyof T]][];
}
