import { incidentByNumber } from '../../store/read/incidents.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { idOf } from '../globalId.ts';
import { Incident } from './incident.ts';

/** `INC-001`, whatever its case and however many leading zeros. */
const referencePattern = /^\s*inc-0*(\d{1,9})\s*$/i;

builder.queryField('incident', (t) =>
  t.field({
    type: Incident,
    nullable: true,
    description:
      'One incident, by exactly one of its id and its reference; null when it is not there or not yours.',
    args: {
      id: t.arg.id({ description: 'Its `id`.' }),
      reference: t.arg.string({ description: 'Its reference, e.g. `INC-001`.' }),
    },
    resolve: (_root, { id, reference }, context) => {
      authorizeRead('incident', context);
      if ((id == null) === (reference == null)) throw badUserInput('Give exactly one of id and reference.');
      if (id != null) {
        const incidentId = idOf('Incident', id);
        return incidentId === null ? null : context.loaders.incident.load(incidentId);
      }
      const number = Number(referencePattern.exec(reference ?? '')?.[1] ?? 0);
      return number < 1 || number > 2_147_483_647 ? null : incidentByNumber(readScope(context), number);
    },
  }),
);
