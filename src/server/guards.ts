import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { MaxTokensParserWLexer } from '@escape.tech/graphql-armor-max-tokens';
import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type Source,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type GuardLimits, guardLimits } from './guardLimits.ts';
import { operationCost } from './operationCost.ts';

/** A refusal of the whole operation: it names the limit, so that its author can stay under it. */
function refused(message: string, node?: OperationDefinitionNode | SelectionSetNode): GraphQLError {
  return new GraphQLError(message, {
    ...(node && { nodes: node }),
    extensions: { code: 'OPERATION_REFUSED' },
  });
}

/** Armor's rules throw in the middle of validation; reported instead, a refusal is an ordinary validation error. */
function reporting(limit: number, what: string) {
  return {
    n: limit,
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null) =>
        context?.reportError(refused(`The operation has more than ${limit} ${what}.`)),
    ],
  };
}

/** Refuses one name selected over and over in one selection set: it costs the server and tells the client nothing. */
function repeatsRule(limit: number): ValidationRule {
  return (context): ASTVisitor => ({
    SelectionSet(set) {
      const seen = new Map<string, number>();
      for (const selection of set.selections) {
        if (selection.kind === Kind.INLINE_FRAGMENT) continue;
        const key = `${selection.kind} ${selection.name.value}`;
        const count = (seen.get(key) ?? 0) + 1;
        seen.set(key, count);
        if (count === limit + 1) {
          context.reportError(
            refused(`"${selection.name.value}" is selected more than ${limit} times in one place.`, set),
          );
        }
      }
    },
  });
}

function costRule(limit: number): ValidationRule {
  return (context): ASTVisitor => ({
    OperationDefinition(operation) {
      const cost = operationCost(context.getSchema(), operation, (name) => context.getFragment(name));
      if (cost > limit) {
        context.reportError(
          refused(
            `The operation may answer ${cost} values; the limit is ${limit}. Ask for smaller pages or fewer fields.`,
            operation,
          ),
        );
      }
    },
  });
}

/** Validation rules of graphql-js name fields that exist when one does not; the schema itself is the place for that. */
function withoutSuggestion(message: string): string {
  const at = message.indexOf(' Did you mean ');
  return at < 0 ? message : message.slice(0, at);
}

/** The error as it may be shown: with a code, without suggestions. */
function asRefusal(error: GraphQLError): GraphQLError {
  const message = withoutSuggestion(error.message);
  if (message === error.message && error.extensions.code !== undefined) return error;
  return new GraphQLError(message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { code: 'BAD_USER_INPUT', ...error.extensions },
  });
}

/** Parses with a bound on length and tokens, before a document is worth remembering. */
function boundedParse(limits: GuardLimits) {
  return (source: string | Source, options?: object) => {
    try {
      return new MaxTokensParserWLexer(source, {
        ...options,
        n: limits.tokens,
        onReject: [
          () => {
            throw refused(`The document has more than ${limits.tokens} tokens.`);
          },
        ],
      }).parseDocument();
    } catch (error) {
      // The parser goes down with the document: brackets alone exhaust its stack before they are too many tokens.
      if (error instanceof RangeError) throw refused('The document nests too deep to be read.');
      throw error;
    }
  };
}

/**
 * Everything that refuses an operation before it runs: length, tokens, depth, aliases, directives, repeats and cost.
 * An Envelop plugin, so that Yoga's HTTP and `getEnveloped` of WebSocket refuse the same, with the same words. A batch
 * of operations in one request is refused by Yoga's own `batching: false`.
 */
export function operationGuards(limits: GuardLimits = guardLimits): Plugin {
  const rules: ValidationRule[] = [
    maxDepthRule({ ...reporting(limits.depth, 'levels of fields'), flattenFragments: true }),
    // An empty allow list: Armor's default lets a thousand aliases of `__typename` pass.
    maxAliasesRule({ ...reporting(limits.aliases, 'aliases'), allowList: [] }),
    maxDirectivesRule(reporting(limits.directives, 'directives')),
    repeatsRule(limits.repeats),
    costRule(limits.cost),
  ];
  const parse = boundedParse(limits);
  return {
    onParse({ params, setParseFn }) {
      const { source } = params;
      const length = typeof source === 'string' ? source.length : source.body.length;
      if (length > limits.documentLength) {
        throw refused(`The document is longer than ${limits.documentLength} characters.`);
      }
      setParseFn(parse);
      return ({ result, replaceParseResult }) => {
        if (result instanceof GraphQLError) replaceParseResult(asRefusal(result));
      };
    },
    onValidate({ addValidationRule }) {
      for (const rule of rules) addValidationRule(rule);
      return ({ result, setResult }) => {
        if (result.length > 0) setResult((result as readonly GraphQLError[]).map(asRefusal));
      };
    },
  };
}
