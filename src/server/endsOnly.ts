/**
 * What a protocol iterates for a shared subscription, whose group writes its results by itself: it yields nothing and
 * ends, leaving the group, when its consumer ends it or `signal` aborts.
 */
export function endsOnly(leave: () => void, signal?: AbortSignal): AsyncIterableIterator<never> {
  let end = (_result: IteratorResult<never>): void => {};
  const over = new Promise<IteratorResult<never>>((resolve) => {
    end = resolve;
  });
  const iterator: AsyncIterableIterator<never> = {
    next: () => over,
    return() {
      leave();
      end({ done: true, value: undefined });
      return over;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  const aborted = (): void => void iterator.return?.();
  if (signal?.aborted) aborted();
  else signal?.addEventListener('abort', aborted, { once: true });
  return iterator;
}
