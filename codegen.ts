/**
 * Prints schema.graphql and makes the typed operations of src/client/operations into src/client/gql, both committed.
 * Run it with `npm run codegen`, from the root.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as typescriptOperations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';
import { printedSchema } from './src/graphql/printedSchema.ts';
import { buildSchema } from './src/graphql/schema.ts';

const operations = 'src/client/operations';
const output = 'src/client/gql/operations.ts';

/** What each scalar is in a client: text, except what JSON has a form of its own for. */
const scalars = {
  DateTime: 'string',
  Duration: 'string',
  EmailAddress: 'string',
  URL: 'string',
  SafeInt: 'number',
  JSON: 'unknown',
};

const schema = buildSchema();
const printed = printedSchema(schema);
writeFileSync('schema.graphql', printed);

const generated = await codegen({
  filename: output,
  schema: parse(printed),
  schemaAst: schema,
  documents: readdirSync(operations)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => {
      const location = join(operations, name);
      return { location, document: parse(readFileSync(location, 'utf8')) };
    }),
  config: {
    scalars,
    enumType: 'string-literal',
    immutableTypes: true,
    useTypeImports: true,
    documentNodeImport: 'graphql#TypedQueryDocumentNode',
    // graphql-js counts an absent field and an undefined one as the same input.
    avoidOptionals: { field: true, inputValue: false },
  },
  plugins: [{ typescriptOperations: {} }, { typedDocumentNode: {} }],
  pluginMap: { typescriptOperations, typedDocumentNode },
});
mkdirSync('src/client/gql', { recursive: true });
writeFileSync(output, `// Made by codegen.ts: change src/client/operations instead.\n${generated}`);
