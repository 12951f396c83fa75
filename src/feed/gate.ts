/** Lets at most so many run at a time; the others wait in order of arrival. */
export interface Gate {
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** A gate `width` wide (≥ 1). What waits is bounded by whoever calls: one call at a time per reader. */
export function createGate(width: number): Gate {
  let free = width;
  const waiting: (() => void)[] = [];
  return {
    async run(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
