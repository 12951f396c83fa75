import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { nestsDeeper, tooDeep } from '../domain/nestsDeeper.ts';

/** What variables are refused with that nest deeper than anything that walks them could go; null when they do not. */
export function variablesProblem(variables: unknown): GraphQLError | null {
  if (!nestsDeeper(variables)) return null;
  const extensions = { code: 'BAD_USER_INPUT', http: { status: 400 } };
  return new GraphQLError(`variables: ${tooDeep}`, { extensions });
}

/** Refuses such variables over HTTP before anything of the operation runs; what is in the document has its own limit. */
export function shallowVariables(): Plugin {
  return {
    onParams({ params }) {
      const problem = variablesProblem(params.variables);
      if (problem !== null) throw problem;
    },
  };
}
