import type { Refusal } from '../refusal.ts';
import { joinableOf } from './joinableOf.ts';

type Findable = Parameters<typeof joinableOf>[0][number];

/**
 * Signals by what an incident is looked for that they may join, in the order they came: those of one group join the same
 * one, or none. `service`: of those that name none.
 */
export function joinGroups<S extends Findable>(
  signals: readonly S[],
  service?: string | null,
): readonly (readonly S[])[] {
  const groups = new Map<string, S[]>();
  for (const signal of signals) {
    const place = JSON.stringify(joinableOf([signal], service));
    const group = groups.get(place) ?? [];
    groups.set(place, group);
    group.push(signal);
  }
  return [...groups.values()];
}

const path = ['firing', 'apart'];

/** Says that signals of one delivery may join several incidents: nothing was done, and each group is to come by itself. */
export const comeApart: Refusal = {
  kind: 'ValidationError',
  code: 'VALIDATION_FAILED',
  message:
    'These signals may join several incidents: hand in those of one correlation key and service at a time.',
  fields: [{ path, message: 'Hand in signals of one correlation key and service at a time.' }],
};

/** Whether this says so. */
export function isComeApart(refusal: Refusal): boolean {
  return refusal.kind === 'ValidationError' && refusal.fields[0]?.path === path;
}
