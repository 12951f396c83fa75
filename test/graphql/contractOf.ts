import {
  type ConstValueNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type InputValueDefinitionNode,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  print,
  valueFromASTUntyped,
} from 'graphql';

/** What a type of the contract is called. */
export function nameOf(definition: DefinitionNode): string {
  return 'name' in definition && definition.name ? definition.name.value : definition.kind;
}

/** What the schema's type lacks of what the contract says, one line each; nothing when it keeps it. */
export function missingFrom(type: GraphQLNamedType, definition: DefinitionNode): string[] {
  const name = nameOf(definition);
  switch (definition.kind) {
    case 'ObjectTypeDefinition':
    case 'InterfaceTypeDefinition': {
      if (!isObjectType(type) && !isInterfaceType(type)) return [`${name} is of another kind`];
      const implemented = type.getInterfaces().map((one) => one.name);
      const interfaces = (definition.interfaces ?? [])
        .filter((one) => !implemented.includes(one.name.value))
        .map((one) => `${name} does not implement ${one.name.value}`);
      const fields = type.getFields();
      return [
        ...interfaces,
        ...(definition.fields ?? []).flatMap((field) => missingField(name, field, fields[field.name.value])),
      ];
    }
    case 'InputObjectTypeDefinition': {
      if (!isInputObjectType(type)) return [`${name} is of another kind`];
      const fields = type.getFields();
      return (definition.fields ?? []).flatMap((field) =>
        missingInput(name, field, fields[field.name.value]),
      );
    }
    case 'EnumTypeDefinition': {
      if (!isEnumType(type)) return [`${name} is of another kind`];
      const values = type.getValues().map((value) => value.name);
      return (definition.values ?? [])
        .filter((value) => !values.includes(value.name.value))
        .map((value) => `${name}.${value.name.value}`);
    }
    case 'UnionTypeDefinition': {
      if (!isUnionType(type)) return [`${name} is of another kind`];
      const members = type.getTypes().map((member) => member.name);
      return (definition.types ?? [])
        .filter((member) => !members.includes(member.name.value))
        .map((member) => `${name} | ${member.name.value}`);
    }
    default:
      return [`${definition.kind} is not compared`];
  }
}

function missingField(
  of: string,
  wanted: FieldDefinitionNode,
  field: GraphQLField<unknown, unknown> | undefined,
): string[] {
  const place = `${of}.${wanted.name.value}`;
  if (!field) return [`${place} is missing`];
  const type = String(field.type) === print(wanted.type) ? [] : [`${place}: ${field.type}`];
  const args = (wanted.arguments ?? []).flatMap((argument) =>
    missingInput(
      place,
      argument,
      field.args.find((one) => one.name === argument.name.value),
    ),
  );
  return [...type, ...args];
}

function missingInput(
  of: string,
  wanted: InputValueDefinitionNode,
  input: GraphQLArgument | GraphQLInputField | undefined,
): string[] {
  const place = `${of}(${wanted.name.value})`;
  if (!input) return [`${place} is missing`];
  const same = String(input.type) === print(wanted.type);
  const defaultOf = (node: ConstValueNode | undefined) => node && valueFromASTUntyped(node);
  const sameDefault = input.defaultValue === defaultOf(wanted.defaultValue);
  return same && sameDefault ? [] : [`${place}: ${input.type} = ${String(input.defaultValue)}`];
}

/** What of a type has no description, by name. */
export function undescribed(type: GraphQLNamedType): string[] {
  const missing: string[] = [];
  const check = (name: string, described: { readonly description?: string | null | undefined }) => {
    if ((described.description ?? '').trim() === '') missing.push(name);
  };
  check(type.name, type);
  if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) check(`${type.name}.${field.name}`, field);
  }
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      check(`${type.name}.${field.name}`, field);
      for (const argument of field.args) check(`${type.name}.${field.name}(${argument.name})`, argument);
    }
  }
  return missing;
}
