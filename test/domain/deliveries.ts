import { mostSevere } from '../../src/domain/detection/mostSevere.ts';
import { severityOfLabel } from '../../src/domain/detection/severityReading.ts';
import type { IncidentCommandInputs } from '../../src/domain/incident/commands.ts';
import { alertmanager, Story } from '../support/given.ts';

type Delivery = IncidentCommandInputs['receiveSignals'];
type Firing = Delivery['firing'][number];

/** A firing alert; the severity is as a label writes it. */
export function firing(fingerprint: string, severity: string, more: Partial<Firing> = {}): Firing {
  const raisesTo = severityOfLabel(severity);
  return {
    type: 'ALERT',
    source: 'alertmanager',
    summary: fingerprint,
    severity,
    raisesTo,
    fingerprint,
    ...more,
  };
}

/** A delivery of these alerts for the one dedup key of these tests. */
export function delivery(signals: readonly Firing[], more: Partial<Delivery> = {}): Delivery {
  const severity = mostSevere(signals.flatMap((signal) => signal.raisesTo ?? []));
  return {
    dedupKey: 'group',
    declare: { title: 'Down', severity: severity ?? 'SEV3', source: 'alertmanager' },
    firing: signals,
    cleared: [],
    severity,
    ...more,
  };
}

/** The part of a delivery that says these stopped firing. */
export function clears(...fingerprints: string[]): Partial<Delivery> {
  return { cleared: fingerprints.map((fingerprint) => ({ fingerprint, at: null })) };
}

/** A story begun by these signals, and what further deliveries write. */
export function received(...signals: readonly Firing[]) {
  const story = new Story();
  story.do('receiveSignals', delivery(signals), { by: alertmanager });
  const then = (next: Delivery) => story.do('receiveSignals', next, { by: alertmanager });
  return { story, then };
}
