import type { Instant } from '../instant.ts';

/** What a window does; SUPPRESS holds escalations, too. */
export const maintenanceEffects = ['SUPPRESS', 'HOLD_ESCALATIONS'] as const;
export type MaintenanceEffect = (typeof maintenanceEffects)[number];

/** From Sunday on, as days are counted since 1970-01-04. */
export const weekdays = [
  'SUNDAY',
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
] as const;
export type Weekday = (typeof weekdays)[number];

/** A window that comes again: on these days, at this time of the zone's clocks, for so long. */
export interface Recurrence {
  /** At least one. */
  readonly days: readonly Weekday[];
  /** `HH:MM`. One that clocks skip that day is as much later as they are turned; one that they show twice, the first. */
  readonly startsAt: string;
  /** Minutes, 1 to 10,080 (a week), whatever clocks are turned meanwhile. */
  readonly durationMinutes: number;
  /** Of the IANA time zone database, e.g. `Europe/Paris`. */
  readonly timeZone: string;
}

/** Planned work. Its name is unique in the policy, 1–80 characters. Exactly one of `once` and `recurring` is there. */
export interface MaintenanceWindow {
  readonly name: string;
  readonly effect: MaintenanceEffect;
  /** Patterns as in rules of detection; null: any. */
  readonly sources: readonly string[] | null;
  readonly environments: readonly string[] | null;
  readonly serviceIds: readonly string[] | null;
  /** `until` is not part of it. */
  readonly once: { readonly from: Instant; readonly until: Instant } | null;
  readonly recurring: Recurrence | null;
}
