import { type ASTNode, BREAK, visit } from 'graphql';
import type { FeedSource } from '../../feed/source.ts';

/** The one field that shows an incident as it was right after an event (`IncidentEvent.snapshot`). */
const stateField = 'snapshot';

function selectsState(nodes: readonly ASTNode[]): boolean {
  let found = false;
  for (const node of nodes) {
    visit(node, {
      Field({ name }) {
        if (name.value !== stateField) return undefined;
        found = true;
        return BREAK;
      },
    });
  }
  return found;
}

/**
 * The source without the incidents after its entries when nothing in `nodes` (operation and fragments) selects them.
 * A hint that saves folding them: a resolver that finds none reads it itself.
 */
export function withoutStates<S extends FeedSource>(source: S, nodes: readonly ASTNode[]): S {
  return source.mode === 'every' && !selectsState(nodes) ? { ...source, bare: true } : source;
}
