import type { QueueLimits } from '../../src/app/limits.ts';
import type { WriteStore } from '../../src/store/port.ts';
import { firing, gate, openDoor, organizationId, overlaid } from './openDoor.ts';

type Overlay = Partial<Pick<WriteStore, 'load' | 'commit'>>;

/** Until everything that can go on without the gate has gone on. */
const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 10));

/**
 * A door whose next batch, after `hold()`, is loaded only once `follow()` has said what comes after it, and committed after
 * `open()`; `steps` says what was asked of the store.
 */
export function doorWithHeldCommit(overlay: Overlay = {}, limits: Partial<QueueLimits> = { aheadFrom: 2 }) {
  const steps: string[] = [];
  let loading = gate();
  let held = gate();
  loading.open();
  held.open();
  const room = openDoor({
    limits,
    pause: async () => {},
    wrap: (memory) =>
      overlaid(memory, {
        load: async (request) => {
          steps.push(`load ${request.dedupKeys.join(' ')}`);
          await loading.opened;
          return (overlay.load ?? ((one) => memory.load(one)))(request);
        },
        commit: async (batch) => {
          steps.push(`commit ${batch.changes.length}`);
          if (batch.organizationId === organizationId) await held.opened;
          return (overlay.commit ?? ((one) => memory.commit(one)))(batch);
        },
      }),
  });
  const fires = (key: string, fingerprint = key) => room.deliver(key, { firing: [firing(fingerprint)] });
  return {
    ...room,
    steps,
    fires,
    incidents: () => room.organization.incidents.size,
    hold() {
      [loading, held] = [gate(), gate()];
    },
    async follow<T extends Promise<unknown>>(...next: readonly (() => T)[]): Promise<readonly T[]> {
      await settled();
      const following = next.map((one) => one());
      await settled();
      loading.open();
      await settled();
      return following;
    },
    open: () => held.open(),
  };
}
