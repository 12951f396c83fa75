import { matchesPattern } from '../detection/matchesPattern.ts';
import { type Instant, plusMilliseconds } from '../instant.ts';
import type { MaintenanceWindow } from './maintenanceWindow.ts';
import { windowEnd } from './windowEnd.ts';
import { windowSpans } from './windowSpans.ts';

/** What a window may be about: an incident, or a signal that might declare one. */
export interface MaintenanceSubject {
  readonly source: string;
  readonly environment: string | null;
  readonly serviceId: string | null;
}

/** Nothing is held longer than this, however windows follow each other: 31 days, in milliseconds. */
const heldAtMost = 31 * 24 * 60 * 60_000;

/** The first window that suppresses what this would declare at this instant; null when none does. */
export function suppressedBy(
  windows: readonly MaintenanceWindow[],
  subject: MaintenanceSubject,
  at: Instant,
): MaintenanceWindow | null {
  const suppressing = windows.filter(({ effect }) => effect === 'SUPPRESS');
  return suppressing.find((window) => isAbout(window, subject) && windowEnd(window, at) !== null) ?? null;
}

/** When something due at `dueAt` comes instead: once no window holds it any more, at most 31 days later. */
export function heldUntil(
  windows: readonly MaintenanceWindow[],
  subject: MaintenanceSubject,
  dueAt: Instant,
): Instant {
  const holding = windows.filter((window) => isAbout(window, subject));
  if (!holding.some((window) => windowEnd(window, dueAt) !== null)) return dueAt;
  const due = Date.parse(dueAt);
  const spans = holding.flatMap((window) => windowSpans(window, due, due + heldAtMost));
  let at = due;
  for (const { from, until } of spans.sort((a, b) => a.from - b.from)) {
    if (from > at) break;
    at = Math.max(at, until);
  }
  return plusMilliseconds(dueAt, Math.min(at - due, heldAtMost));
}

function isAbout(window: MaintenanceWindow, { source, environment, serviceId }: MaintenanceSubject): boolean {
  const { sources, environments, serviceIds } = window;
  return (
    isLike(sources, source) &&
    isLike(environments, environment) &&
    (serviceIds === null || (serviceId !== null && serviceIds.includes(serviceId)))
  );
}

function isLike(patterns: readonly string[] | null, text: string | null): boolean {
  return patterns === null || (text !== null && patterns.some((pattern) => matchesPattern(pattern, text)));
}
