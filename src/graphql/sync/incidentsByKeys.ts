import { incidentsPerSyncLimit, keyOfSync } from '../../domain/detection/syncedIncident.ts';
import { limits } from '../../domain/incident/limits.ts';
import { textProblem } from '../../domain/textProblem.ts';
import type { ListedIncident } from '../../store/read/incidentRecord.ts';
import { incidentsByDedupKeys } from '../../store/read/incidentsByDedupKeys.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
import { builder } from '../builder.ts';
import { readScope } from '../context.ts';
import { Incident } from '../incident/incident.ts';

const IncidentByKey = builder
  .objectRef<{ readonly key: string; readonly incident: ListedIncident | null }>('IncidentByKey')
  .implement({
    description: 'An incident found by the key that another system knows it by.',
    fields: (t) => ({
      key: t.exposeString('key', { description: 'The key you asked for.' }),
      incident: t.expose('incident', {
        type: Incident,
        nullable: true,
        description:
          'Its incident with all that people have written: acknowledgement, notes, last action. One that was merged says with `mergedInto` where it goes on. Null when the source never synced this key.',
      }),
    }),
  });

builder.queryField('incidentsByKeys', (t) =>
  t.field({
    type: [IncidentByKey],
    description:
      'The incidents of `syncIncidents`, by what their source calls them: one entry for each key, in the order asked for, also for those that are not there.',
    args: {
      source: t.arg.string({ required: true, description: 'The source they were synced under.' }),
      keys: t.arg.stringList({
        required: true,
        description: `What that source calls them, at most ${incidentsPerSyncLimit}.`,
      }),
    },
    resolve: async (_root, { source, keys }, context) => {
      authorizeRead('incidentsByKeys', context);
      if (keys.length > incidentsPerSyncLimit) {
        throw badUserInput(`keys must be at most ${incidentsPerSyncLimit}.`);
      }
      // What no sync could have brought is not looked for.
      const named = (key: string) => textProblem(key, 1, limits.key) === null;
      const found =
        textProblem(source, 1, limits.name) === null
          ? await incidentsByDedupKeys(
              readScope(context),
              keys.filter(named).map((key) => keyIn(source, key)),
            )
          : [];
      let next = 0;
      return keys.map((key) => ({ key, incident: named(key) ? (found[next++] ?? null) : null }));
    },
  }),
);

function keyIn(source: string, key: string): string {
  return keyOfSync(source.trim(), key.trim());
}
