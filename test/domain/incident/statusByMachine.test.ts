import { describe, expect, it } from 'vitest';
import { type IncidentStatus, statuses } from '../../../src/domain/incident/vocabulary.ts';
import { alertmanager, scheduler } from '../../support/given.ts';
import { type Expected, outcome } from '../../support/outcome.ts';

const none: Expected = [];
const no: Expected = 'INVALID_TRANSITION';

type Lifecycle =
  | 'acknowledgeIncident'
  | 'resolveIncident'
  | 'closeIncident'
  | 'cancelIncident'
  | 'reopenIncident';

/** The same for the scheduler: past the resolve gate, and a repeat is no mistake. */
const bySystem: Record<IncidentStatus, Record<Lifecycle, Expected>> = {
  REPORTED: {
    acknowledgeIncident: ['INCIDENT_ACKNOWLEDGED'],
    resolveIncident: ['INCIDENT_RESOLVED'],
    closeIncident: no,
    cancelIncident: ['INCIDENT_CANCELLED'],
    reopenIncident: none,
  },
  ACKNOWLEDGED: openForMachines(),
  INVESTIGATING: openForMachines(),
  IDENTIFIED: openForMachines(),
  MITIGATED: openForMachines(),
  RESOLVED: {
    acknowledgeIncident: none,
    resolveIncident: none,
    closeIncident: ['INCIDENT_CLOSED'],
    cancelIncident: no,
    reopenIncident: ['INCIDENT_REOPENED'],
  },
  CLOSED: {
    acknowledgeIncident: none,
    resolveIncident: none,
    closeIncident: none,
    cancelIncident: no,
    reopenIncident: no,
  },
  CANCELLED: {
    acknowledgeIncident: no,
    resolveIncident: no,
    closeIncident: no,
    cancelIncident: none,
    reopenIncident: no,
  },
};

function openForMachines(): Record<Lifecycle, Expected> {
  return {
    acknowledgeIncident: none,
    resolveIncident: ['INCIDENT_RESOLVED'],
    closeIncident: no,
    cancelIncident: ['INCIDENT_CANCELLED'],
    reopenIncident: none,
  };
}

describe('the lifecycle in every status, by a machine', () => {
  for (const status of statuses) {
    const rows = Object.entries(bySystem[status]) as [Lifecycle, Expected][];
    it.each(rows)(`${status}: %s → %j`, (row, expected) => {
      expect(outcome(status, row, scheduler)).toEqual(expected);
      expect(outcome(status, row, alertmanager)).toEqual(expected);
    });
  }
});
