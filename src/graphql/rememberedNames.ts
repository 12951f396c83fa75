import type { NameKind } from '../domain/incident/vocabulary.ts';

/** What a sentence about an event may name. */
export type NamedKind = 'USER' | 'API_KEY' | NameKind;

/** Names that were read before. */
export interface RememberedNames {
  /** Null when it is not remembered (any more). */
  get(kind: NamedKind, id: string): string | null;
  /** Says that from now on names are read; answers how to tell what one of them is. */
  reading(): (kind: NamedKind, id: string, name: string) => void;
}
