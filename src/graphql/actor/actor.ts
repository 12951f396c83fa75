import type { Actor } from '../../domain/access/actor.ts';
import { builder } from '../builder.ts';
import type { GraphQLContext } from '../context.ts';
import { ActorKindEnum, MemberRoleEnum } from '../enums.ts';
import { toGlobalId } from '../globalId.ts';

/** An actor's name of now: the ledger keeps ids only. */
export function actorName(actor: Actor, { loaders }: GraphQLContext): string | Promise<string> {
  if (actor.kind === 'SYSTEM' || actor.id === null) return 'Warroom';
  const [kind, nobody] =
    actor.kind === 'USER' ? (['USER', 'Former member'] as const) : (['API_KEY', 'Unknown API key'] as const);
  const name = loaders.nameOf(kind, actor.id);
  return name instanceof Promise ? name.then((read) => read ?? nobody) : (name ?? nobody);
}

/** Who did something. */
export const ActorType = builder.objectRef<Actor>('Actor').implement({
  description: 'Who did something, and as what.',
  fields: (t) => ({
    kind: t.expose('kind', {
      type: ActorKindEnum,
      description: 'A person, a key, an integration or Warroom itself.',
    }),
    id: t.id({
      nullable: true,
      description: "The user's or the API key's id; null for SYSTEM.",
      resolve: ({ kind, id }) => (id === null ? null : toGlobalId(kind === 'USER' ? 'User' : 'ApiKey', id)),
    }),
    name: t.string({
      description: "The user's or the API key's name as it is now; `Warroom` for SYSTEM.",
      resolve: (actor, _args, context) => actorName(actor, context),
    }),
    role: t.expose('role', {
      type: MemberRoleEnum,
      nullable: true,
      description: 'The role held at that moment; null for SYSTEM.',
    }),
  }),
});
