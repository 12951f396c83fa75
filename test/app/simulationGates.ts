import { gateInstant } from '../../src/domain/incident/sessionGate.ts';
import { decodeBody } from '../../src/domain/ledger/body.ts';
import type { Policy } from '../../src/domain/policy/policy.ts';
import { type MemoryOrganization, recordOf } from '../support/memoryOrganization.ts';
import { type History, must } from './simulationInvariants.ts';

/**
 * The session gate after any run: of each incident blocks and releases alternate, each is what the incident of its
 * version and the policy of then ask for, none is early, no acknowledgement is passed over; and what is stored, the
 * ledger, and what the incident asks for now agree.
 */
export function checkGates(
  org: MemoryOrganization,
  histories: ReadonlyMap<string, History>,
  now: string,
): void {
  const blocking = new Map<string, { readonly at: string; readonly version: number }>();
  for (const { body } of org.ledgers.ADMINISTRATION) {
    const event = decodeBody<'ADMINISTRATION'>(body);
    if (event.type !== 'SESSION_GATE_BLOCKED' && event.type !== 'SESSION_GATE_RELEASED') continue;
    const { incidentId, incidentVersion } = event.payload;
    const history = histories.get(incidentId) ?? [];
    const state = history[incidentVersion - 1]?.after;
    if (state === undefined) throw new Error(`${incidentId} has no version ${incidentVersion}.`);
    const instant = gateInstant(state, org.policies.get(event.policyVersion) as Policy);
    const open = blocking.get(incidentId);
    if (event.type === 'SESSION_GATE_BLOCKED') {
      must(open === undefined, `${incidentId} begins to block when it does not block`);
      must(instant?.dueAt === event.payload.dueAt, `${incidentId} blocks when it is to`);
      must(event.payload.dueAt <= event.at, `the block of ${incidentId} is not early`);
      blocking.set(incidentId, { at: event.at, version: incidentVersion });
      continue;
    }
    must(open?.at === event.payload.blockedAt, `what is released is the block of ${incidentId}`);
    must(instant === null || instant.dueAt > event.at, `${incidentId} is released when it may not block`);
    for (const { after, event: own } of history.slice(open?.version ?? 0, incidentVersion - 1)) {
      const isRelease = own.commandId === event.commandId;
      must(isRelease || after.acknowledgement === null, `${incidentId} does not block once acknowledged`);
    }
    blocking.delete(incidentId);
  }
  for (const id of histories.keys()) {
    const record = recordOf(org, id);
    const stored = org.incidents.get(id)?.gateBlockedAt ?? null;
    must(stored === (blocking.get(id)?.at ?? null), `${id} blocks as the ledger says`);
    const policy = org.policies.get(org.policyVersion) as Policy;
    const instant = record === null ? null : gateInstant(record.state, policy);
    const mustBlock = instant !== null && instant.dueAt <= now;
    must((stored !== null) === mustBlock, `${id} blocks exactly if it is to at the end`);
  }
}
