import type { Instant } from '../instant.ts';
import type { MaintenanceWindow } from './maintenanceWindow.ts';
import { windowSpans } from './windowSpans.ts';

/**
 * When the window ends that this instant is in; null when it is in none of its occurrences. Of several that it is in,
 * the last end counts.
 */
export function windowEnd(window: MaintenanceWindow, at: Instant): Instant | null {
  const instant = Date.parse(at);
  const last = windowSpans(window, instant, instant).at(-1);
  return last === undefined ? null : new Date(last.until).toISOString();
}
