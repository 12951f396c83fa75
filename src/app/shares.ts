/**
 * Places that organizations, or actions of one, share: each may take as many as are free. One alone can have half of
 * them, and however many keep theirs for long, every further one finds some: they take a half, a quarter, an eighth.
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

  /** Whether one that asks for itself may have another place: it has fewer than are free. The last one goes to whoever has none. */
  hasRoomFor(id: string): boolean {
    return this.takenBy(id) < this.#free;
  }

  /** How many places one has. */
  takenBy(id: string): number {
    return this.#taken.get(id) ?? 0;
  }

  /** The organizations that have their share already. */
  leaveOut(): readonly string[] {
    const full = [...this.#taken].filter(([, count]) => count >= this.#free);
    this.#leftOut = full.map(([organizationId]) => organizationId);
    this.#wasFull = this.atOnce === 0;
    return this.#leftOut;
  }

  take(organizationId: string): void {
    this.#taken.set(organizationId, this.takenBy(organizationId) + 1);
    this.#allTaken += 1;
  }

  /** Gives a place back; true when that makes room for who was left out: once for each time of asking. */
  give(organizationId: string): boolean {
    const left = this.takenBy(organizationId) - 1;
    if (left > 0) this.#taken.set(organizationId, left);
    else this.#taken.delete(organizationId);
    this.#allTaken -= 1;
    if (!this.#wasFull && !this.#leftOut.some((id) => this.hasRoomFor(id))) return false;
    this.#leftOut = [];
    this.#wasFull = false;
    return true;
  }
}
