import { badUserInput } from '../badUserInput.ts';
import { builder } from '../builder.ts';
import { Incident } from './incident.ts';
import { IncidentSnapshot, snapshotOf } from './incidentSnapshot.ts';

builder.objectField(Incident, 'asOf', (t) =>
  t.field({
    type: IncidentSnapshot,
    nullable: true,
    description: 'The incident as it was at a past moment; null before it existed.',
    args: {
      at: t.arg({ type: 'DateTime', description: 'The instant; give this or `sequence`.' }),
      sequence: t.arg({
        type: 'SafeInt',
        description: 'Right after this entry of the incidents ledger; give this or `at`.',
      }),
    },
    resolve: async ({ state: { id: incidentId } }, { at, sequence }, { loaders }) => {
      if ((at == null) === (sequence == null)) throw badUserInput('Give exactly one of at and sequence.');
      const moment =
        at != null
          ? { incidentId, at, sequence: null }
          : { incidentId, at: null, sequence: sequence as number };
      const found = await loaders.versionThen.load(moment);
      if (found === null) return null;
      const record = await loaders.stateAt.load({ incidentId, version: found.version });
      return record === null
        ? null
        : snapshotOf(record, found.policyVersion ?? record.policyVersion, at ?? undefined);
    },
  }),
);
