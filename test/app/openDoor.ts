import { createHash } from 'node:crypto';
import type { Answer, Request } from '../../src/app/answer.ts';
import { createHandle, type HandleOptions } from '../../src/app/handle.ts';
import type { Actor } from '../../src/domain/access/actor.ts';
import type { IncidentCommandInputs, IncidentCommandName } from '../../src/domain/incident/commands.ts';
import type { LedgerFeedEntry } from '../../src/feed/entry.ts';
import type { WriteStore } from '../../src/store/port.ts';
import { fakeClock } from '../support/fakeClock.ts';
import { MemoryStore } from '../support/memoryStore.ts';

export const organizationId = '0190a000-0000-7000-8000-000000000001';
export const ada: Actor = { kind: 'USER', id: 'ada', role: 'ORG_ADMIN' };
export const grace: Actor = { kind: 'USER', id: 'grace', role: 'ORG_ADMIN' };
export const alertmanager: Actor = { kind: 'INTEGRATION', id: 'am', role: 'MEMBER' };

/** What a command is asked with beside its input. */
export interface Asking {
  readonly by?: Actor;
  readonly expectedVersion?: number | null;
  readonly key?: string;
  readonly digest?: string;
}

/** The one door over a store in memory, or over what `wrap` makes of it. */
export function openDoor(
  options: Partial<HandleOptions> & { readonly wrap?: (store: MemoryStore) => WriteStore } = {},
) {
  const { wrap, ...given } = options;
  const memory = new MemoryStore();
  const clock = fakeClock();
  const news: LedgerFeedEntry[] = [];
  let rings = 0;
  const door = createHandle({
    store: wrap?.(memory) ?? memory,
    clock,
    inbox: {
      committed: (_organization, _ledger, entries) => news.push(...entries),
      ring: () => {
        rings += 1;
      },
    },
    log: { warn: () => {}, error: () => {} },
    ...given,
  });

  function requestOf<N extends IncidentCommandName>(
    incidentId: string | null,
    name: N,
    input: IncidentCommandInputs[N],
    { by = ada, expectedVersion = null, key, digest = digestOf([name, input]) }: Asking = {},
  ): Request {
    return {
      organizationId,
      actor: by,
      target: incidentId === null ? { by: 'new' } : { by: 'id', incidentId },
      command: { name, input } as never,
      expectedVersion,
      request: key === undefined ? null : { principal: by.id ?? '', key, digest },
    };
  }

  return {
    memory,
    clock,
    news,
    door,
    get rings() {
      return rings;
    },
    get organization() {
      return memory.organization(organizationId);
    },
    requestOf,
    on<N extends IncidentCommandName>(
      incidentId: string,
      name: N,
      input: IncidentCommandInputs[N],
      asking?: Asking,
    ): Promise<Answer> {
      return door(requestOf(incidentId, name, input, asking));
    },
    /** Declares an incident and answers its id. */
    async declare(title = 'Checkout is down', asking?: Asking): Promise<string> {
      const answer = await door(requestOf(null, 'declareIncident', { title, severity: 'SEV3' }, asking));
      return done(answer).incident?.state.id ?? '';
    },
    deliver(dedupKey: string, input: Partial<IncidentCommandInputs['receiveSignals']> = {}): Promise<Answer> {
      return door({
        organizationId,
        actor: alertmanager,
        target: { by: 'dedupKey', key: dedupKey },
        command: {
          name: 'receiveSignals',
          input: {
            dedupKey,
            declare: { title: `Alert ${dedupKey}`, severity: 'SEV3', source: 'alertmanager' },
            firing: [],
            cleared: [],
            severity: null,
            ...input,
          },
        },
      });
    },
    administer(
      command: Extract<Request, { readonly target: { readonly by: 'administration' } }>['command'],
      { by = ada, expectedVersion = null, key, digest = digestOf(command) }: Asking = {},
    ): Promise<Answer> {
      return door({
        organizationId,
        actor: by,
        target: { by: 'administration' },
        command,
        expectedVersion,
        request: key === undefined ? null : { principal: by.id ?? '', key, digest },
      });
    },
  };
}

/** What an idempotency key is kept with: SHA-256 of the mutation and its input. */
export function digestOf(input: unknown): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('hex');
}

/** An answer that must be a success. */
export function done(answer: Answer): Extract<Answer, { readonly kind: 'done' }> {
  if (answer.kind !== 'done') throw new Error(`${answer.refusal.kind}: ${answer.refusal.message}`);
  return answer;
}

/** The kind of refusal an answer is; 'done' when it is none. */
export function kindOf(answer: Answer): string {
  return answer.kind === 'done' ? 'done' : answer.refusal.kind;
}

/** A firing signal of a connector. */
export function firing(fingerprint: string) {
  return { type: 'ALERT', source: 'alertmanager', summary: `${fingerprint} fires`, fingerprint } as const;
}

/** A door that opens once: for holding a store's call back until a test lets it go. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** The store with some calls replaced. */
export function overlaid(memory: MemoryStore, calls: Partial<WriteStore>): WriteStore {
  return {
    load: (request) => memory.load(request),
    commit: (batch) => memory.commit(batch),
    claim: (request) => memory.claim(request),
    entries: (...of) => memory.entries(...of),
    entryAtVersion: (...of) => memory.entryAtVersion(...of),
    plannedUnderOlderPolicy: (...of) => memory.plannedUnderOlderPolicy(...of),
    ...calls,
  };
}
