import { createHandle } from '../../src/app/handle.ts';
import type { IncidentCommandInputs } from '../../src/domain/incident/commands.ts';
import { deliver } from '../../src/inbound/deliver.ts';
import { createLog } from '../../src/log.ts';
import { createPostgresStore } from '../../src/store/postgresStore.ts';
import { mutate } from '../support/mutate.ts';
import type { TestApi, TestOrganization } from '../support/testApi.ts';

type Delivery = IncidentCommandInputs['receiveSignals'];

const credentialId = '01900000-0000-7000-8000-0000000000aa';

let organizations = 0;

/** An organization whose connectors bring signals, and what became of them. */
export class DetectionWorld {
  readonly api: TestApi;
  readonly here: TestOrganization;

  private constructor(api: TestApi, here: TestOrganization) {
    this.api = api;
    this.here = here;
  }

  /** One more of this API. */
  static async found(api: TestApi): Promise<DetectionWorld> {
    organizations += 1;
    return new DetectionWorld(api, await api.found(`here-${organizations}`));
  }

  /** A mutation as the administrator. */
  do(name: string, input: Record<string, unknown>) {
    return mutate(this.api, this.here.user('ORG_ADMIN'), name, input);
  }

  set(rules: readonly object[]) {
    return this.do('setDetectionRules', { rules });
  }

  /** A query as a viewer that must not fail. */
  async read<T>(document: string, variables?: Record<string, unknown>): Promise<T> {
    const { data, errors } = await this.api.run<T>(this.here.user('VIEWER'), document, variables);
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** Brings signals as a connector does, all at once. */
  async receive(...deliveries: readonly Delivery[]): Promise<void> {
    const { database, feed, clock } = this.api;
    const log = createLog('silent');
    const handle = createHandle({ store: createPostgresStore(database), clock, inbox: feed, log });
    const { organizationId } = this.here;
    const actor = { kind: 'INTEGRATION', id: credentialId, role: 'MEMBER' } as const;
    const principal = {
      organizationId,
      organizationSlug: 'here',
      actor,
      scopes: ['INGEST'],
      credentialId,
    } as const;
    const all = await Promise.all(deliveries.map((input) => deliver([input], principal, handle)));
    for (const one of all) if (one.kind !== 'committed') throw new Error(JSON.stringify(one));
  }

  async incidents(): Promise<Record<string, unknown>[]> {
    const { incidents } = await this.read<{ incidents: { nodes: Record<string, unknown>[] } }>(
      `{ incidents(orderBy: { field: NUMBER, direction: ASC }) {
         nodes { title severity tags signals { nodes { summary } } commander { name } } } }`,
    );
    return incidents.nodes;
  }

  async lost(): Promise<Record<string, unknown>[]> {
    const { lostSignals } = await this.read<{ lostSignals: { nodes: Record<string, unknown>[] } }>(
      '{ lostSignals { nodes { hour reason name count lastAt } } }',
    );
    return lostSignals.nodes;
  }
}

/** A delivery of one alert, whose fingerprint is its dedup key. */
export function alert(dedupKey: string, more: Partial<Delivery['firing'][number]> = {}): Delivery {
  return {
    dedupKey,
    declare: { title: `Alert ${dedupKey}`, severity: 'SEV3', source: 'prometheus' },
    firing: [
      {
        type: 'ALERT',
        source: 'prometheus',
        summary: `Alert ${dedupKey}`,
        fingerprint: dedupKey,
        raisesTo: 'SEV3',
        ...more,
      },
    ],
    cleared: [],
    severity: 'SEV3',
  };
}
