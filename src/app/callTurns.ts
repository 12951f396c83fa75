import { Shares } from './shares.ts';

/** Whoever asks for a place: one bulk action. */
export interface Caller {
  readonly organizationId: string;
  readonly bulkActionId: string;
}

interface Waiter {
  readonly caller: Caller;
  begin(): void;
}

/**
 * Places for requests under way, of all organizations together. A free one goes to the organization that has the fewest,
 * and there to the action that has the fewest, among equals to whoever has waited longest: so organizations have equally
 * many as far as they want them, and so have the actions of one. Nobody takes more than there are free, so that whoever
 * comes next finds some at once, even when nothing that is under way ever ends.
 */
export class CallTurns {
  readonly #ofOrganization: number;
  readonly #organizations: Shares;
  /** The places of each organization that has any. */
  readonly #actions = new Map<string, Shares>();
  /** In the order in which they came; as many as ask at a time. */
  readonly #waiting = new Set<Waiter>();

  /** `inAll`, `ofOrganization`: requests under way at most, of all and of one of them. */
  constructor({ inAll, ofOrganization }: { readonly inAll: number; readonly ofOrganization: number }) {
    this.#organizations = new Shares(inAll);
    this.#ofOrganization = ofOrganization;
  }

  /** Waits for a place; answers how to give it back, which is done once. Null when the wait was ended before. */
  take(caller: Caller, ending: AbortSignal): Promise<(() => void) | null> {
    if (ending.aborted) return Promise.resolve(null);
    return new Promise((resolve) => {
      const giveUp = () => {
        this.#waiting.delete(waiter);
        resolve(null);
      };
      const waiter: Waiter = {
        caller,
        begin: () => {
          ending.removeEventListener('abort', giveUp);
          resolve(() => this.#give(caller));
        },
      };
      ending.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(waiter);
      this.#serve();
    });
  }

  #give({ organizationId, bulkActionId }: Caller): void {
    this.#organizations.give(organizationId);
    this.#actions.get(organizationId)?.give(bulkActionId);
    if (this.#organizations.takenBy(organizationId) === 0) this.#actions.delete(organizationId);
    this.#serve();
  }

  #serve(): void {
    for (let next = this.#next(); next !== null; next = this.#next()) {
      const { organizationId, bulkActionId } = next.caller;
      this.#waiting.delete(next);
      this.#organizations.take(organizationId);
      const actions = this.#actions.get(organizationId) ?? new Shares(this.#ofOrganization);
      this.#actions.set(organizationId, actions);
      actions.take(bulkActionId);
      next.begin();
    }
  }

  #next(): Waiter | null {
    let best: Waiter | null = null;
    let least = [Infinity, Infinity] as const;
    for (const waiter of this.#waiting) {
      const { organizationId, bulkActionId } = waiter.caller;
      const actions = this.#actions.get(organizationId);
      if (!this.#organizations.hasRoomFor(organizationId)) continue;
      if (actions?.hasRoomFor(bulkActionId) === false) continue;
      const has = [this.#organizations.takenBy(organizationId), actions?.takenBy(bulkActionId) ?? 0] as const;
      if (has[0] > least[0] || (has[0] === least[0] && has[1] >= least[1])) continue;
      best = waiter;
      least = has;
    }
    return best;
  }
}
