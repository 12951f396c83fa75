/** Where a pull iterator gets its values. */
export interface PullSource<T> {
  /** The next values, possibly none of interest; null at the end. */
  take(): Promise<readonly T[] | null>;
  /** Ends a `take` that waits: it answers null. */
  close(): void;
}

/**
 * An async iterator over what `open` gives, opened by the first `next()`. Unlike an async generator's, its `return()`
 * ends it at once even while a `next()` waits. Calls of `next()` are answered in order.
 */
export function pullIterator<T>(
  open: () => Promise<PullSource<T>>,
  signal: AbortSignal,
): AsyncIterableIterator<T> {
  let source: PullSource<T> | null = null;
  let values: readonly T[] = [];
  let index = 0;
  let ended = signal.aborted;
  let turn: Promise<unknown> = Promise.resolve();

  const end = (): void => {
    ended = true;
    values = [];
    signal.removeEventListener('abort', end);
    source?.close();
  };
  const step = async (): Promise<IteratorResult<T>> => {
    while (!ended) {
      if (index < values.length) return { done: false, value: values[index++] as T };
      source ??= await opened();
      const taken = ended ? null : await source.take();
      if (taken === null) end();
      else values = taken;
      index = 0;
    }
    return { done: true, value: undefined };
  };
  const opened = async (): Promise<PullSource<T>> => {
    signal.addEventListener('abort', end, { once: true });
    const made = await open();
    if (ended) made.close();
    return made;
  };

  return {
    next() {
      const result = turn.then(step);
      // A failure ends the iterator; whoever asked for it is told, whoever asks later is told it has ended.
      turn = result.catch(end);
      return result;
    },
    async return() {
      end();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
