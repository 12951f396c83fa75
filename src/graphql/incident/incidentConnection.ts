import { countLimit } from '../../store/read/incidentPage.ts';
import { builder } from '../builder.ts';
import type { Connection } from '../page.ts';
import { Incident } from './incident.ts';
import type { IncidentSource } from './incidentSource.ts';

/** A page of incidents that can be counted, which happens only when somebody asks. */
export interface CountedConnection extends Connection<IncidentSource> {
  /** How many there are, or any number above {@link countLimit}. */
  readonly count: () => Promise<number>;
}

/** A page with its count, which is made at most once however many fields ask. */
export function counted(page: Connection<IncidentSource>, count: () => Promise<number>): CountedConnection {
  let counting: Promise<number> | null = null;
  return {
    ...page,
    count: () => {
      counting ??= count();
      return counting;
    },
  };
}

/** A page of incidents. */
export const IncidentConnection = builder.connectionObject({
  type: Incident,
  name: 'IncidentConnection',
  description: 'A page of incidents.',
  fields: (t) => ({
    totalCount: t.int({
      description: 'How many there are on all pages; counting stops at 10,000.',
      resolve: async (page) => Math.min(countLimit, await (page as unknown as CountedConnection).count()),
    }),
    totalCountIsExact: t.boolean({
      description: 'False when there are more than `totalCount` says.',
      resolve: async (page) => (await (page as unknown as CountedConnection).count()) <= countLimit,
    }),
  }),
});
