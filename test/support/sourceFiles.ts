import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vitest/node';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A node of a syntax tree, as loosely as a walk needs it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** One import or re-export. */
export interface Import {
  /** `src/store/pool.ts` for a file of ours, else the package's name. */
  readonly target: string;
  readonly isPackage: boolean;
  /** Nothing of it is left when the program runs. */
  readonly typeOnly: boolean;
}

/** A source file of ours, parsed. */
export interface SourceFile {
  /** From the repository's root, e.g. `src/store/pool.ts`. */
  readonly path: string;
  readonly text: string;
  readonly body: readonly Node[];
  readonly imports: readonly Import[];
  /** Every node of the file. */
  nodes(): Iterable<Node>;
  /** The line of an offset, from 1. */
  lineOf(offset: number): number;
}

/** Every TypeScript file under these folders, generated ones aside. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) => pathsUnder(join(root, folder))).map(parse);
}

function pathsUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('/generated/') && !path.includes('/client/gql/'))
    .sort();
}

function parse(absolute: string): SourceFile {
  const path = relative(root, absolute);
  const text = readFileSync(absolute, 'utf8');
  const { body } = parseAst(text, { lang: 'ts' }, path) as unknown as { body: Node[] };
  return {
    path,
    text,
    body,
    imports: body.flatMap((statement) => importOf(path, statement)),
    nodes: () => walk(body),
    lineOf: (offset) => text.slice(0, offset).split('\n').length,
  };
}

function importOf(path: string, statement: Node): Import[] {
  const source = statement.source as { value?: unknown } | null | undefined;
  if (typeof source?.value !== 'string') return [];
  const isPackage = !source.value.startsWith('.');
  const specifiers = (statement.specifiers ?? []) as { importKind?: string; exportKind?: string }[];
  const typeOnly =
    [statement.importKind, statement.exportKind].includes('type') ||
    (specifiers.length > 0 && specifiers.every((one) => [one.importKind, one.exportKind].includes('type')));
  const target = isPackage ? source.value : relative(root, resolve(root, dirname(path), source.value));
  return [{ target, isPackage, typeOnly }];
}

function* walk(value: unknown): Iterable<Node> {
  if (Array.isArray(value)) {
    for (const item of value) yield* walk(item);
  } else if (typeof value === 'object' && value !== null) {
    if (typeof (value as Node).type === 'string') yield value as Node;
    for (const child of Object.values(value)) yield* walk(child);
  }
}
