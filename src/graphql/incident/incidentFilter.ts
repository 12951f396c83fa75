import type { IncidentFilter as Filter } from '../../store/read/incidentFilter.ts';
import { badUserInput } from '../badUserInput.ts';
import { boundedList } from '../boundedList.ts';
import { builder } from '../builder.ts';
import { IncidentModeEnum, IncidentSeverityEnum, IncidentStatusEnum } from '../enums.ts';
import { requireIdOf } from '../globalId.ts';
import { DateTimeRange, rangeOf } from '../instantRange.ts';

/** The longest text looked for, in characters. */
const searchLimit = 200;

/** Which incidents are wanted. */
export const IncidentFilter = builder.inputType('IncidentFilter', {
  description:
    'Which incidents are wanted: those that match every field given; a list means any of, `tags` all of.',
  fields: (t) => ({
    status: t.field({ type: [IncidentStatusEnum], description: 'In any of these statuses.' }),
    severity: t.field({ type: [IncidentSeverityEnum], description: 'Of any of these severities.' }),
    isOpen: t.boolean({ description: 'Whether it is before RESOLVED and not cancelled.' }),
    acknowledged: t.boolean({ description: 'Whether somebody has it now.' }),
    overdue: t.boolean({
      description: 'Whether it is open and nobody has it for longer than the policy allows.',
    }),
    hasNotes: t.boolean({ description: 'Whether its notes document says anything.' }),
    hasRootCause: t.boolean({ description: 'Whether a root cause is recorded.' }),
    slaBreached: t.boolean({ description: 'Whether any of its SLAs was breached.' }),
    source: t.stringList({ description: 'From any of these sources.' }),
    type: t.stringList({ description: 'Of any of these classifications.' }),
    environment: t.stringList({ description: 'In any of these environments.' }),
    serviceId: t.idList({ description: 'Of any of these services: their `id`s.' }),
    projectId: t.idList({ description: 'Of any of these projects: their `id`s.' }),
    ownerTeamId: t.idList({ description: 'Owned by any of these teams: their `id`s.' }),
    assigneeId: t.id({ description: 'Assigned to this user: their `id`.' }),
    tags: t.stringList({ description: 'With all of these tags.' }),
    correlationKey: t.string({ description: 'With this correlation key.' }),
    search: t.string({
      description: 'With these words in title or description, or with this reference; ≤ 200 characters.',
    }),
    mode: t.field({ type: IncidentModeEnum, description: 'Real ones, or drills.' }),
    detectedAt: t.field({ type: DateTimeRange, description: 'Noticed in this stretch of time.' }),
    reportedAt: t.field({ type: DateTimeRange, description: 'Declared in this stretch of time.' }),
    endedAt: t.field({ type: DateTimeRange, description: 'Whose impact ended in this stretch of time.' }),
    resolvedAt: t.field({ type: DateTimeRange, description: 'Resolved in this stretch of time.' }),
  }),
});

const plain = [
  'isOpen',
  'acknowledged',
  'overdue',
  'hasNotes',
  'hasRootCause',
  'slaBreached',
  'correlationKey',
  'mode',
] as const;
const lists = ['status', 'severity', 'source', 'type', 'environment', 'tags'] as const;
const idLists = { serviceId: 'Service', projectId: 'Project', ownerTeamId: 'Team' } as const;
const ranges = ['detectedAt', 'reportedAt', 'endedAt', 'resolvedAt'] as const;

type Given = Partial<typeof IncidentFilter.$inferInput>;

/**
 * The filter as reads take it; null is as absent.
 * @throws BAD_USER_INPUT when a list is too long, a search too long, or an id of the wrong type.
 */
export function filterOf(given: Given | null | undefined): Filter {
  const filter: Record<string, unknown> = {};
  if (given == null) return filter;
  for (const field of plain) filter[field] = given[field] ?? undefined;
  for (const field of lists) filter[field] = boundedList<string>(given[field], `filter.${field}`);
  for (const [field, type] of Object.entries(idLists) as [keyof typeof idLists, string][]) {
    const ids = boundedList(given[field], `filter.${field}`);
    filter[field] = ids?.map((id) => requireIdOf(type, String(id), `filter.${field}`));
  }
  for (const field of ranges) filter[field] = rangeOf(given[field]) ?? undefined;
  if (given.assigneeId != null) {
    filter.assigneeId = requireIdOf('User', String(given.assigneeId), 'filter.assigneeId');
  }
  const search = given.search?.trim() ?? '';
  if (search.length > searchLimit)
    throw badUserInput(`filter.search must be at most ${searchLimit} characters.`);
  if (search !== '') filter.search = search;
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
