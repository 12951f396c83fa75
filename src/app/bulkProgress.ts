/** Tells whoever watches a bulk action in this process that something of it changed. */
export interface BulkProgress {
  changed(bulkActionId: string): void;
  /** Calls back at every change; answers how to stop. */
  listen(bulkActionId: string, onChange: () => void): () => void;
}

/** Nobody listens at first. */
export function createBulkProgress(): BulkProgress {
  const listeners = new Map<string, Set<() => void>>();
  return {
    changed(bulkActionId) {
      for (const onChange of listeners.get(bulkActionId) ?? []) onChange();
    },
    listen(bulkActionId, onChange) {
      const own = listeners.get(bulkActionId) ?? new Set();
      listeners.set(bulkActionId, own.add(onChange));
      return () => {
        own.delete(onChange);
        if (own.size === 0) listeners.delete(bulkActionId);
      };
    },
  };
}
