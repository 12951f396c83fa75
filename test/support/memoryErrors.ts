import { severities } from '../../src/domain/incident/vocabulary.ts';
import type { Loaded, LoadRequest } from '../../src/store/port.ts';
import type { MemoryOrganization, Row } from './memoryOrganization.ts';

/** What names a reported error: its source, its id, and the level it was reported under. */
function nameOf(source: unknown, errorId: unknown, level: unknown): string {
  return `${source} ${errorId} ${level}`;
}

/** What `warroom.load` answers of the errors of a batch. */
export function memoryErrors(
  { errors }: MemoryOrganization,
  wanted: LoadRequest['errors'],
): Loaded['errors'] {
  const all = wanted.flatMap((error) => severities.map((level) => ({ ...error, level })));
  return all.filter(({ source, errorId, level }) => errors.has(nameOf(source, errorId, level)));
}

/** What `warroom.write_errors` writes. */
export function writeMemoryErrors({ errors }: MemoryOrganization, rows: readonly Row[]): void {
  for (const row of rows) {
    const name = nameOf(row.source, row.error_id, row.level);
    if (!errors.has(name)) errors.set(name, row);
  }
}
