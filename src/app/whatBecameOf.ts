import { levelOfError, type ReportedError } from '../domain/detection/errorReport.ts';
import { errorKey } from '../domain/detection/knownErrors.ts';
import { isMoreSevere } from '../domain/detection/mostSevere.ts';
import type { ReportedErrorRow } from '../store/read/reportedErrors.ts';
import { OverloadedError } from './answer.ts';

/**
 * The row of each error: that of its level, or of the nearest more severe one, under which it was known.
 * @throws OverloadedError when one has none.
 */
export function whatBecameOf(
  errors: readonly ReportedError[],
  rows: readonly ReportedErrorRow[],
): readonly ReportedErrorRow[] {
  const known = new Map<string, ReportedErrorRow[]>();
  for (const row of rows) known.set(errorKey(row), [...(known.get(errorKey(row)) ?? []), row]);
  return errors.map((error) => {
    const level = levelOfError(error);
    const covering = (known.get(errorKey(error)) ?? []).filter((row) => !isMoreSevere(level, row.level));
    const [first, ...others] = covering;
    if (first === undefined) throw new OverloadedError(1);
    return others.reduce((nearest, row) => (isMoreSevere(nearest.level, row.level) ? row : nearest), first);
  });
}
