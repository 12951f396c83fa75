import { buildSchema, execute, GraphQLError, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { pageExecutor } from '../../src/graphql/subscription/pageExecutor.ts';

const schema = buildSchema(`
  type Query { nothing: Int }
  interface Shown { n: Int! }
  type Even implements Shown { n: Int!, half: Int! }
  type Odd implements Shown { n: Int! }
  type Subscription { required(from: Int): Shown!, shown(from: Int): Shown }
`);

/** Events whose fields come at once or later, and fail in every way a field can. */
const event = (n: number) => {
  const fails = (code: string) => new GraphQLError(`no ${n}`, { extensions: { code } });
  const shown = () => {
    if (n % 5 === 4) return Promise.reject(fails('LATE'));
    if (n % 7 === 6) throw fails('AT_ONCE');
    return {
      __typename: n % 2 === 0 ? 'Even' : 'Odd',
      n: n % 3 === 0 ? Promise.resolve(n) : n,
      half: () => (n % 4 === 2 ? null : n / 2),
    };
  };
  return { required: shown, shown };
};

describe('a page of events', () => {
  it.each([
    'subscription { shown { n } }',
    'subscription { required { n ... on Even { half } } }',
    'subscription S($from: Int, $brief: Boolean!) { it: shown(from: $from) { ...F } } fragment F on Shown { __typename n ... on Even @skip(if: $brief) { a: half half } }',
  ])('gives, byte for byte, what each event alone gives: %s', async (text) => {
    const document = parse(text);
    const operation = getOperationAST(document, null);
    if (!operation) throw new Error('There is no operation.');
    const variableValues = { from: 3, brief: false };
    const events = Array.from({ length: 40 }, (_, n) => event(n));
    const page = await pageExecutor({ schema, document, operation, variableValues })(events, {});
    const alone = await Promise.all(
      events.map((rootValue) => execute({ schema, document, rootValue, variableValues })),
    );
    expect(page.map((result) => JSON.stringify(result))).toEqual(
      alone.map((result) => JSON.stringify(result)),
    );
    expect(page.some(({ errors }) => errors !== undefined)).toBe(true);
  });

  it('gives the same refusal for every event when variables do not fit', async () => {
    const document = parse('subscription ($from: Int!) { shown(from: $from) { n } }');
    const operation = getOperationAST(document, null);
    if (!operation) throw new Error('There is no operation.');
    const results = await pageExecutor({ schema, document, operation, variableValues: {} })(
      [event(1), event(2)],
      {},
    );
    const alone = await execute({ schema, document, rootValue: event(1), variableValues: {} });
    expect(JSON.stringify(results)).toBe(JSON.stringify([alone, alone]));
  });
});
