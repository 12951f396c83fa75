import { type GraphQLObjectType, getNamedType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { loggedAs, nodesShownBy, typesShownBy } from '../../src/domain/access/loggedOperations.ts';
import { type OperationName, permissions } from '../../src/domain/access/permissions.ts';
import { buildSchema } from '../../src/graphql/schema.ts';

const schema = buildSchema();
const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
const rootFields = roots.flatMap((root) => Object.values((root as GraphQLObjectType).getFields()));

/** What a root field lists, or shows. */
function shownType(field: (typeof rootFields)[number]): string {
  const type = getNamedType(field.type);
  if (!isObjectType(type) || !type.name.endsWith('Connection')) return type.name;
  const node = type.getFields().nodes;
  if (node === undefined) throw new Error(`${type.name} has no nodes.`);
  return getNamedType(node.type).name;
}

describe('the tables of permissions and of the access log, over the printed schema', () => {
  it('have a row for every query, mutation and subscription', () => {
    const names = rootFields.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => !Object.hasOwn(permissions, name))).toEqual([]);
    expect(names.filter((name) => !Object.hasOwn(loggedAs, name))).toEqual([]);
  });

  it('know the type that each kept read shows, wherever else it stands', () => {
    const reads = [schema.getQueryType(), schema.getSubscriptionType()].flatMap((root) =>
      Object.values((root as GraphQLObjectType).getFields()),
    );
    const kept = reads.filter(({ name }) => loggedAs[name as OperationName] !== null);
    expect(kept.length).toBeGreaterThan(10);
    const offences = kept.filter((field) => {
      const shownBy = typesShownBy[shownType(field)];
      return shownBy === undefined || loggedAs[shownBy] !== loggedAs[field.name as OperationName];
    });
    expect(offences.map(({ name }) => name)).toEqual([]);
  });

  it('name types of the schema only', () => {
    const names = [...Object.keys(typesShownBy), ...Object.keys(nodesShownBy)];
    expect(names.filter((name) => schema.getType(name) === undefined)).toEqual([]);
  });

  it('know what reading each kind of node counts as', () => {
    const nodes = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .map((type) => ({ name: type.name, interfaces: type.getInterfaces().map(({ name }) => name) }))
      .filter(({ interfaces }) => interfaces.includes('Node') && !interfaces.includes('IncidentEvent'));
    expect(nodes.length).toBeGreaterThan(8);
    expect(nodes.map(({ name }) => name).filter((name) => !Object.hasOwn(nodesShownBy, name))).toEqual([]);
  });
});
