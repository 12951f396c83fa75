import { type DescribeNames, describeEvent } from '../../domain/incident/describe.ts';
import { referenceOf } from '../../domain/incident/state.ts';
import { actorName } from '../actor/actor.ts';
import type { GraphQLContext } from '../context.ts';
import { entryOf, type LedgerEventSource } from './eventSource.ts';

/** A name, or the promise of one that has to be read. */
type Name = string | Promise<string>;

/**
 * An event as a sentence. Describing it tells whose names it needs: when all of them are at hand, that is it. Others
 * are read together with those of every other event of the page, and it is described again with them.
 */
export function messageOf(source: LedgerEventSource, context: GraphQLContext): string | Promise<string> {
  const { event } = entryOf(source);
  const asked = new Map<string, Name>();
  const sentence = describeEvent(event, namesFrom(asked, context));
  const names = [...asked.values()];
  if (names.every((name) => typeof name === 'string')) return sentence;
  return Promise.all(names).then((read) => {
    const known = new Map([...asked.keys()].map((key, index): [string, Name] => [key, read[index] ?? '']));
    return describeEvent(event, namesFrom(known, context));
  });
}

/** Names as far as they are `known`, which grows by those asked for; empty text for one still to be read. */
function namesFrom(known: Map<string, Name>, context: GraphQLContext): DescribeNames {
  const ask = (key: string, name: () => Name): string => {
    const found = known.get(key) ?? name();
    known.set(key, found);
    return typeof found === 'string' ? found : '';
  };
  return {
    actor: (actor) => ask(`actor ${actor.kind} ${actor.id}`, () => actorName(actor, context)),
    user: (id) => ask(`user ${id}`, () => or('a former member', context.loaders.nameOf('USER', id))),
    incident: (id) => ask(`incident ${id}`, () => incidentReference(id, context)),
    name: (kind, id) => ask(`${kind} ${id}`, () => or('unknown', context.loaders.nameOf(kind, id))),
  };
}

function or(nobody: string, name: string | null | Promise<string | null>): Name {
  return name instanceof Promise ? name.then((read) => read ?? nobody) : (name ?? nobody);
}

async function incidentReference(id: string, { loaders }: GraphQLContext): Promise<string> {
  const incident = await loaders.incident.load(id);
  return incident === null ? 'an incident' : referenceOf(incident.number);
}
