import type { SyncedIncident } from '../../src/domain/detection/syncedIncident.ts';
import { start } from './given.ts';

/** An incident as the reminders have it: the example of the first source. `more` replaces what it says. */
export function synced(more: Partial<SyncedIncident> = {}): SyncedIncident {
  return {
    source: 'reminders',
    key: 'burst-1',
    asOf: start,
    severity: 'SEV3',
    title: 'reminders: SMTP timeout',
    startedAt: start,
    endedAt: start,
    resolvedAt: null,
    errorCount: 8,
    uniqueTargets: 3,
    targetsDigest: null,
    latestRunId: 'run-8',
    latestError: 'SMTP timeout',
    ...more,
  };
}
