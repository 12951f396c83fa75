import { v7 } from 'uuid';
import { systemActor } from '../domain/access/actor.ts';
import type { WriteStore } from '../store/port.ts';
import type { Handle } from './answer.ts';
import { loadOfIncidents } from './loadRequest.ts';

/**
 * Plans an organization's incidents anew after its policy changed: those planned under an older one, a page of at most
 * 500 at a time, each through the one door. Then it takes the organization's REPLAN deadline away, unless the policy
 * has moved on meanwhile.
 * @throws what a command of it throws, or the database's error: the deadline stays and is tried again.
 */
export async function replan(options: {
  readonly store: WriteStore;
  readonly handle: Handle;
  readonly organizationId: string;
}): Promise<void> {
  const { store, handle, organizationId } = options;
  const { policy } = await store.load(loadOfIncidents(organizationId, []));
  let after: string | null = null;
  const failures: unknown[] = [];
  for (;;) {
    const page: readonly string[] = await store.plannedUnderOlderPolicy(organizationId, after);
    const ends = await Promise.allSettled(page.map((id) => replanOne(handle, organizationId, id)));
    for (const end of ends) if (end.status === 'rejected' && failures.length === 0) failures.push(end.reason);
    after = page.at(-1) ?? null;
    if (after === null) break;
  }
  if (failures.length > 0) throw failures[0];
  await store.commit({
    organizationId,
    policyVersion: policy.version,
    changes: [
      {
        incidentId: null,
        baseVersion: policy.version,
        administrationSequence: null,
        commandId: v7(),
        events: [],
        incident: null,
        rows: {},
        deletes: {},
        deadlines: [],
        dedupKeys: null,
        request: null,
      },
    ],
  });
}

async function replanOne(handle: Handle, organizationId: string, incidentId: string): Promise<void> {
  const answer = await handle({
    organizationId,
    actor: systemActor,
    target: { by: 'id', incidentId },
    command: { name: 'replanIncident', input: {} },
  });
  if (answer.kind === 'refused') throw new Error(answer.refusal.message);
}
