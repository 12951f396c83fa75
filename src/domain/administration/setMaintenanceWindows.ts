import { nameKey } from '../incident/naming.ts';
import { InputCheck } from '../inputCheck.ts';
import { millisecondsBetween } from '../instant.ts';
import { type MaintenanceWindow, type Recurrence, weekdays } from '../maintenance/maintenanceWindow.ts';
import type { AdministrationCommandInputs } from './commands.ts';
import type { AdministrationVerb } from './decision.ts';
import type { AdministrationFacts } from './facts.ts';
import { policyChange } from './policyChange.ts';
import { patternsOf } from './setDetectionRules.ts';

/** The longest a single window may be, in milliseconds: a year. */
const longest = 366 * 24 * 60 * 60_000;

/** The most services of a window. */
const servicesLimit = 50;

type WindowInput = AdministrationCommandInputs['setMaintenanceWindows']['windows'][number];

/** Sets all maintenance windows; an empty list takes them away. Open incidents are planned anew. */
export const setMaintenanceWindows: AdministrationVerb<'setMaintenanceWindows'> = (
  input,
  { policy, facts },
) => {
  const check = new InputCheck();
  const names = new Set<string>();
  const maintenanceWindows = check.list('windows', input.windows, (path, window): MaintenanceWindow => {
    const name = check.text([...path, 'name'], window.name, 80);
    if (name !== '' && names.has(nameKey(name)))
      check.note([...path, 'name'], 'Another window has this name.');
    names.add(nameKey(name));
    const serviceIds = [...new Set(window.serviceIds ?? [])];
    if (serviceIds.length > servicesLimit)
      check.note([...path, 'serviceIds'], `At most ${servicesLimit} are allowed.`);
    for (const [index, id] of serviceIds.entries()) {
      if (facts.catalogue.service(id) === undefined)
        check.note([...path, 'serviceIds', String(index)], 'There is no such service.');
    }
    return {
      name,
      effect: window.effect,
      sources: patternsOf(check, [...path, 'sources'], window.sources),
      environments: patternsOf(check, [...path, 'environments'], window.environments),
      serviceIds: serviceIds.length === 0 ? null : withMerged(serviceIds, facts),
      ...timesOf(check, path, window),
    };
  });
  return check.refusal ?? policyChange('MAINTENANCE_WINDOWS', policy, { maintenanceWindows });
};

/** An alias and what it was merged into: signals lead to the one, incidents of before the merge keep the other. */
function withMerged(serviceIds: readonly string[], { catalogue }: AdministrationFacts): readonly string[] {
  return [...new Set(serviceIds.flatMap((id) => [id, catalogue.service(id)?.mergedInto ?? id]))];
}

function timesOf(
  check: InputCheck,
  path: readonly string[],
  { from, until, recurring }: WindowInput,
): Pick<MaintenanceWindow, 'once' | 'recurring'> {
  if (recurring != null) {
    if (from != null || until != null)
      check.note([...path, 'recurring'], 'Say either from when until when, or when it comes again.');
    return { once: null, recurring: recurrenceOf(check, [...path, 'recurring'], recurring) };
  }
  if (from == null || until == null) {
    check.note(path, 'Say from when until when, or when it comes again.');
    return { once: null, recurring: null };
  }
  const once = {
    from: check.instant([...path, 'from'], from),
    until: check.instant([...path, 'until'], until),
  };
  const length = millisecondsBetween(once.from, once.until);
  if (length <= 0) check.note([...path, 'until'], 'It must end after it begins.');
  if (length > longest) check.note([...path, 'until'], 'A window is at most 366 days long.');
  return { once, recurring: null };
}

function recurrenceOf(check: InputCheck, path: readonly string[], input: Recurrence): Recurrence {
  const { startsAt, timeZone } = input;
  const days = weekdays.filter((day) => input.days.includes(day));
  if (days.length === 0) check.note([...path, 'days'], 'Name at least one day.');
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(startsAt))
    check.note([...path, 'startsAt'], 'A time as HH:MM is expected, from 00:00 to 23:59.');
  if (!isTimeZone(timeZone))
    check.note([...path, 'timeZone'], 'A time zone such as Europe/Paris or UTC is expected.');
  const durationMinutes = check.whole([...path, 'durationMinutes'], input.durationMinutes, 1, 10_080);
  return { days, startsAt, durationMinutes, timeZone };
}

function isTimeZone(timeZone: string): boolean {
  // Newer versions of Node take an offset such as +05:30, older ones do not: what one stored, another could not read.
  if (timeZone.length > 64 || /^[+-]/.test(timeZone)) return false;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
