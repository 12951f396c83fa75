import type { Actor } from '../../domain/access/actor.ts';
import { type DescribeNames, describeEvent } from '../../domain/incident/describe.ts';
import type { NameKind } from '../../domain/incident/vocabulary.ts';
import { actorName } from '../actor/actor.ts';
import type { GraphQLContext } from '../context.ts';
import { entryOf, type LedgerEventSource } from './eventSource.ts';

/**
 * An event as a sentence. It is described twice: once to learn whose names it needs, which are then read together
 * with those of every other event of the page, and once with them.
 */
export async function messageOf(source: LedgerEventSource, context: GraphQLContext): Promise<string> {
  const { event } = entryOf(source);
  const wanted = new Map<string, () => Promise<string>>();
  const asking: DescribeNames = {
    actor: (actor) => ask(`actor ${actor.kind} ${actor.id}`, () => actorName(actor, context)),
    user: (id) => ask(`user ${id}`, () => userName(id, context)),
    name: (kind, id) => ask(`${kind} ${id}`, () => nameOf(kind, id, context)),
  };
  function ask(key: string, read: () => Promise<string>): string {
    wanted.set(key, read);
    return '';
  }
  describeEvent(event, asking);
  const entries = [...wanted];
  const read = await Promise.all(entries.map(([, ask]) => ask()));
  const known = new Map(entries.map(([key], index) => [key, read[index] ?? '']));
  const names: DescribeNames = {
    actor: (actor: Actor) => known.get(`actor ${actor.kind} ${actor.id}`) ?? '',
    user: (id) => known.get(`user ${id}`) ?? '',
    name: (kind, id) => known.get(`${kind} ${id}`) ?? '',
  };
  return describeEvent(event, names);
}

async function userName(id: string, { loaders }: GraphQLContext): Promise<string> {
  return (await loaders.user.load(id))?.name ?? 'a former member';
}

async function nameOf(kind: NameKind, id: string, { loaders }: GraphQLContext): Promise<string> {
  const loader = { SERVICE: loaders.service, TEAM: loaders.team, PROJECT: loaders.project }[kind];
  return (await loader.load(id))?.name ?? 'unknown';
}
