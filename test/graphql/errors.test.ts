import { type GraphQLEnumType, type GraphQLUnionType, isObjectType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../src/domain/errors.ts';
import { buildSchema } from '../../src/graphql/schema.ts';
import { incidentCases } from './mutationCases.ts';
import { organizationCases } from './organizationCases.ts';

const schema = buildSchema();
const stemOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

test('ErrorCode is the registry, with its words', () => {
  const values = (schema.getType('ErrorCode') as GraphQLEnumType).getValues();
  expect(Object.fromEntries(values.map(({ name, description }) => [name, description]))).toEqual(errorCodes);
});

describe('what a mutation answers', () => {
  const ofIncident = [
    'NotFoundError',
    'ForbiddenError',
    'ValidationError',
    'ConflictError',
    'InvalidTransitionError',
    'WorkflowGateError',
    'IdempotencyError',
  ];
  const ofOrganization = [
    'ForbiddenError',
    'ValidationError',
    'ConflictError',
    'NotFoundError',
    'IdempotencyError',
  ];
  const declaring = ['ValidationError', 'ForbiddenError', 'IdempotencyError'];
  const expected = new Map<string, string[]>([
    ['declareIncident', declaring],
    ...['reportErrors', 'reportRuns', 'syncIncidents'].map((name): [string, string[]] => [
      name,
      [...declaring, 'RateLimitedError'],
    ]),
    ['runBulkAction', ofIncident],
    ['cancelBulkAction', ofIncident],
    ...Object.keys(incidentCases).map((name): [string, string[]] => [name, ofIncident]),
    ...Object.keys(organizationCases).map((name): [string, string[]] => [name, ofOrganization]),
    ['inviteMember', [...ofOrganization, 'RateLimitedError']],
  ]);

  test.each([...expected])('%s', (name, errors) => {
    const union = schema.getType(`${stemOf(name)}Result`) as GraphQLUnionType;
    const members = union.getTypes().map((type) => type.name);
    expect(members.sort()).toEqual([`${stemOf(name)}Payload`, ...errors].sort());
    const field = schema.getMutationType()?.getFields()[name];
    // Nullable: one mutation that fails unexpectedly takes nothing from the others of its request.
    expect(String(field?.type)).toBe(`${stemOf(name)}Result`);
    expect(field?.args.map((arg) => String(arg.type))).toEqual([`${stemOf(name)}Input!`]);
  });
});

test('every error implements UserError', () => {
  const errors = Object.values(schema.getTypeMap()).filter(
    (type) => /Error$/.test(type.name) && isObjectType(type),
  );
  const names = errors.map((type) => type.name).filter((name) => name !== 'FieldError');
  expect(names).toHaveLength(8);
  for (const name of names) {
    const type = schema.getType(name);
    expect(isObjectType(type) && type.getInterfaces().map((each) => each.name)).toEqual(['UserError']);
  }
});
