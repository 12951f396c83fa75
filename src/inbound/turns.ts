/** Whose turn it is: organizations take turns, and within one whatever it waits with (a key, or trying out) does. */
export interface Place {
  readonly organizationId: string;
  /** An API key's id, or what else asks in its organization. */
  readonly of: string;
}

/** How many may wait, and how many bytes of theirs may be held; the first always finds room for its bytes. */
export interface Room {
  readonly waiting: number;
  readonly bytes: number;
}

/** Room for all of them, of which one organization has half, and one key a quarter. */
export class Waiting {
  readonly #all: Room;
  readonly #held = new Map<string, { count: number; bytes: number }>();

  constructor(room: Room) {
    this.#all = room;
  }

  /** Whether one more of so many bytes fits. */
  fits(place: Place, bytes: number): boolean {
    return sharesOf(place).every(([name, share]) => {
      const held = this.#held.get(name);
      if (held === undefined) return true;
      return held.count < this.#all.waiting * share && held.bytes + bytes <= this.#all.bytes * share;
    });
  }

  take(place: Place, bytes: number): void {
    for (const [name] of sharesOf(place)) {
      const held = this.#held.get(name) ?? { count: 0, bytes: 0 };
      this.#held.set(name, { count: held.count + 1, bytes: held.bytes + bytes });
    }
  }

  free(place: Place, bytes: number): void {
    for (const [name] of sharesOf(place)) {
      const held = this.#held.get(name);
      if (held === undefined || held.count === 1) this.#held.delete(name);
      else this.#held.set(name, { count: held.count - 1, bytes: held.bytes - bytes });
    }
  }
}

function sharesOf({ organizationId, of }: Place): readonly (readonly [name: string, share: number])[] {
  return [
    ['', 1],
    [organizationId, 1 / 2],
    [`${organizationId} ${of}`, 1 / 4],
  ];
}

/** What waits for its turn, each place in the order it came. */
export class Turns<T> {
  /** Organization → place → what waits; who had a turn is last. */
  readonly #waiting = new Map<string, Map<string, Set<T>>>();

  add({ organizationId, of }: Place, one: T): void {
    const places = this.#waiting.get(organizationId) ?? new Map<string, Set<T>>();
    const own = places.get(of) ?? new Set<T>();
    this.#waiting.set(organizationId, places.set(of, own.add(one)));
  }

  /** Takes out what waits no longer. */
  delete({ organizationId, of }: Place, one: T): void {
    const places = this.#waiting.get(organizationId);
    const own = places?.get(of);
    own?.delete(one);
    if (own?.size === 0) places?.delete(of);
    if (places?.size === 0) this.#waiting.delete(organizationId);
  }

  /** Takes out whose turn it is; null when nothing waits. */
  next(): T | null {
    for (const [organizationId, places] of this.#waiting) {
      for (const [of, own] of places) {
        for (const one of own) {
          this.delete({ organizationId, of }, one);
          if (places.delete(of) && own.size > 0) places.set(of, own);
          if (this.#waiting.delete(organizationId) && places.size > 0) {
            this.#waiting.set(organizationId, places);
          }
          return one;
        }
      }
    }
    return null;
  }
}
