import type { NameKind } from '../../domain/incident/vocabulary.ts';
import { nameCursor, namePage } from '../../store/read/names.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
import { builder } from '../builder.ts';
import { type GraphQLContext, readScope } from '../context.ts';
import { connectionOf, type PageArguments, pageOf } from '../page.ts';
import { forwardArguments } from '../pageArguments.ts';
import { Project } from './project.ts';
import { Service } from './service.ts';
import { Team } from './team.ts';

/** The longest text looked for, in characters. */
const searchLimit = 200;

const searchDescription = 'Only those with this in their name or in that of an alias; ≤ 200 characters.';

const fields = { SERVICE: 'services', TEAM: 'teams', PROJECT: 'projects' } as const;

interface CatalogueArguments extends PageArguments {
  readonly search?: string | null | undefined;
}

function page(kind: NameKind, args: CatalogueArguments, context: GraphQLContext) {
  authorizeRead(fields[kind], context);
  const window = pageOf(args);
  const search = args.search ?? null;
  if (search !== null && search.length > searchLimit) {
    throw badUserInput(`search must be at most ${searchLimit} characters.`);
  }
  return connectionOf(window, namePage(readScope(context), kind, search, window), nameCursor, (row) => row);
}

const ServiceConnection = builder.connectionObject({
  type: Service,
  name: 'ServiceConnection',
  description: 'A page of services, by name.',
});
const TeamConnection = builder.connectionObject({
  type: Team,
  name: 'TeamConnection',
  description: 'A page of teams, by name.',
});
const ProjectConnection = builder.connectionObject({
  type: Project,
  name: 'ProjectConnection',
  description: 'A page of projects, by name.',
});

builder.queryFields((t) => ({
  services: t.field({
    type: ServiceConnection,
    description: 'The services of your organization, by name; those merged into another are its aliases.',
    args: { search: t.arg.string({ description: searchDescription }), ...forwardArguments(t) },
    resolve: (_root, args, context) => page('SERVICE', args, context),
  }),
  teams: t.field({
    type: TeamConnection,
    description: 'The teams of your organization, by name; those merged into another are its aliases.',
    args: { search: t.arg.string({ description: searchDescription }), ...forwardArguments(t) },
    resolve: (_root, args, context) => page('TEAM', args, context),
  }),
  projects: t.field({
    type: ProjectConnection,
    description: 'The projects of your organization, by name; those merged into another are its aliases.',
    args: { search: t.arg.string({ description: searchDescription }), ...forwardArguments(t) },
    resolve: (_root, args, context) => page('PROJECT', args, context),
  }),
}));
