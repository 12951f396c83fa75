/**
 * Places that organizations share: each may take as many as are free. One alone can have half of them, and however
 * many organizations keep theirs for long, every further one finds some: they take a half, a quarter, an eighth.
 */
export class Shares {
  readonly #places: number;
  readonly #taken = new Map<string, number>();
  #allTaken = 0;
  /** As {@link leaveOut} last answered, and whether there was no place for anyone then. */
  #leftOut: readonly string[] = [];
  #wasFull = false;

  /** `places`: how many there are, for all together. */
  constructor(places: number) {
    this.#places = places;
  }

  get #free(): number {
    return this.#places - this.#allTaken;
  }

  /** How many one organization may take at a time: half of what is free, and never the last place. */
  get atOnce(): number {
    return Math.max(0, Math.floor(this.#free / 2));
  }

  /** The organizations that have their share already. */
  leaveOut(): readonly string[] {
    const full = [...this.#taken].filter(([, count]) => count >= this.#free);
    this.#leftOut = full.map(([organizationId]) => organizationId);
    this.#wasFull = this.atOnce === 0;
    return this.#leftOut;
  }

  take(organizationId: string): void {
    this.#taken.set(organizationId, this.#of(organizationId) + 1);
    this.#allTaken += 1;
  }

  /** Gives a place back; true when that makes room for who was left out: once for each time of asking. */
  give(organizationId: string): boolean {
    const left = this.#of(organizationId) - 1;
    if (left > 0) this.#taken.set(organizationId, left);
    else this.#taken.delete(organizationId);
    this.#allTaken -= 1;
    if (!this.#wasFull && !this.#leftOut.some((id) => this.#of(id) < this.#free)) return false;
    this.#leftOut = [];
    this.#wasFull = false;
    return true;
  }

  #of(organizationId: string): number {
    return this.#taken.get(organizationId) ?? 0;
  }
}
