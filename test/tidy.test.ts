import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Import, type Node, type SourceFile, sourceFiles } from './support/sourceFiles.ts';

// The house rules of docs/architecture.md, enforced. Each test lists every offence at once.

const source = sourceFiles('src');
const everything = [...source, ...sourceFiles('test', 'bench')];

/** Room → what it may import beside itself. A path names a part of a room only. */
const mayImport: Record<string, readonly string[]> = {
  domain: [],
  scheduler: [],
  store: ['domain'],
  feed: ['domain', 'store'],
  app: ['domain', 'store', 'feed'],
  outbound: ['domain'],
  identity: ['domain', 'store/identity'],
  inbound: ['domain', 'app'],
  graphql: ['domain', 'app', 'feed', 'store/read'],
  // Whose an API key is, and what a person is a member of, is read from the database here.
  server: ['domain', 'graphql', 'inbound', 'identity', 'app', 'store/read'],
};

/** Interfaces are no way in: these rooms are handed a clock and a database, and may say so. */
const mayImportTypes: Record<string, readonly string[]> = {
  app: ['feed', 'store'],
  identity: ['app', 'store'],
  graphql: ['store'],
  server: ['store', 'feed'],
};

const databasePackages = [
  'pg',
  '@electric-sql/pglite',
  '@electric-sql/pglite-socket',
  '@prisma/client',
  '@prisma/adapter-pg',
];

function roomOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function isWithin(path: string, places: readonly string[] | undefined): boolean {
  return (places ?? []).some((place) => path.startsWith(`src/${place}/`));
}

function mayUse(file: SourceFile, { target, isPackage, typeOnly }: Import): boolean {
  const room = roomOf(file.path);
  // main wires every room; config is main's.
  if (room.startsWith('main') || room === 'config.ts')
    return !isPackage || !databasePackages.includes(target);
  if (room === 'log.ts') return isPackage;
  if (isPackage) {
    if (room === 'domain' || room === 'scheduler') return room === 'scheduler' && target.startsWith('node:');
    return room === 'store' || !databasePackages.includes(target);
  }
  if (target === 'src/log.ts') return room !== 'domain';
  if (roomOf(target) === room) return true;
  return isWithin(target, mayImport[room]) || (typeOnly && isWithin(target, mayImportTypes[room]));
}

function at(file: SourceFile, node: Node, what: string): string {
  return `${file.path}:${file.lineOf(node.start)} ${what}`;
}

describe('the house', () => {
  it('has every room import only what its row of the table allows', () => {
    const offences = source.flatMap((file) =>
      file.imports.filter((one) => !mayUse(file, one)).map((one) => `${file.path} imports ${one.target}`),
    );
    expect(offences).toEqual([]);
  });

  it('keeps the domain pure: no clock, no randomness, no waiting, nothing of the process', () => {
    const impure = new Set([
      'process',
      'performance',
      'crypto',
      'fetch',
      'console',
      'setTimeout',
      'setInterval',
      'globalThis',
    ]);
    const offences: string[] = [];
    for (const file of source.filter(({ path }) => path.startsWith('src/domain/'))) {
      for (const node of file.nodes()) {
        if (node.type === 'AwaitExpression' || node.async === true) offences.push(at(file, node, 'waits'));
        if (isRead(node, 'Date', 'now') || isRead(node, 'Math', 'random'))
          offences.push(at(file, node, 'is not pure'));
        if (
          node.type === 'NewExpression' &&
          nameOf(node.callee) === 'Date' &&
          (node.arguments as unknown[]).length === 0
        ) {
          offences.push(at(file, node, 'asks the clock'));
        }
        if (node.type === 'MemberExpression' && impure.has(nameOf(node.object) ?? '')) {
          offences.push(at(file, node, `uses ${nameOf(node.object)}`));
        }
        if (node.type === 'CallExpression' && impure.has(nameOf(node.callee) ?? '')) {
          offences.push(at(file, node, `calls ${nameOf(node.callee)}`));
        }
      }
    }
    expect(offences).toEqual([]);
  });

  it('writes nowhere but in the store', () => {
    const write =
      /\b(insert\s+into|delete\s+from|truncate\s+table|update\s+[\w.]+\s+set|warroom\.(commit|claim|touch_\w+)\s*\()/i;
    const offences = source
      .filter(({ path }) => !path.startsWith('src/store/'))
      .flatMap((file) =>
        literals(file)
          .filter(({ text }) => write.test(text))
          .map(({ node }) => at(file, node, 'writes')),
      );
    expect(offences).toEqual([]);
  });

  it('has no barrel files', () => {
    const offences = everything.filter(
      ({ path, body }) =>
        basename(path) === 'index.ts' ||
        body.some(({ type }) => type === 'ExportAllDeclaration') ||
        (body.length > 0 && body.every((one) => one.type.startsWith('Export') && one.source)),
    );
    expect(offences.map(({ path }) => path)).toEqual([]);
  });

  it('has no files named after nothing', () => {
    const empty = /^(utils?|helpers?|managers?|common|shared|misc|index)$/i;
    const offences = everything.filter(({ path }) =>
      path
        .replace(/\.ts$/, '')
        .split('/')
        .some((part) => empty.test(part)),
    );
    expect(offences.map(({ path }) => path)).toEqual([]);
  });

  it('leaves nothing for later', () => {
    const later = new RegExp(
      `\\b(${['TO', 'FIX', 'XX'].map((half, index) => half + ['DO', 'ME', 'X'][index]).join('|')})\\b`,
    );
    expect(everything.filter(({ text }) => later.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('keeps files to 300 lines', () => {
    const offences = everything.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }));
    expect(offences.filter(({ lines }) => lines > 300)).toEqual([]);
  });

  it('keeps functions to 60 lines', () => {
    const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
    const offences = source.flatMap((file) =>
      [...file.nodes()]
        .filter((node) => functions.has(node.type))
        .map((node) => ({ node, lines: file.lineOf(node.end) - file.lineOf(node.start) + 1 }))
        .filter(({ lines }) => lines > 60)
        .map(({ node, lines }) => at(file, node, `has ${lines} lines`)),
    );
    expect(offences).toEqual([]);
  });

  it('says what every export means', () => {
    const offences = source.flatMap((file) =>
      file.body
        .filter((node) => node.type === 'ExportNamedDeclaration' && !node.source && node.declaration)
        // What follows an overload's first signature is explained by it.
        .filter((node, index, exports) => declaredName(node) !== declaredName(exports[index - 1]))
        // A type of a list's members is explained by the list, an enum by the description it is made with.
        .filter(
          (node) =>
            !/describedEnum\(|\(typeof \w+\)\[number\]|= keyof /.test(file.text.slice(node.start, node.end)),
        )
        .filter((node) => !file.text.slice(0, node.start).trimEnd().endsWith('*/'))
        .map((node) => at(file, node, file.text.slice(node.start, node.start + 60).split('\n', 1)[0] ?? '')),
    );
    expect(offences).toEqual([]);
  });

  it('starts without loading what only some requests need', () => {
    const later = ['better-auth', 'nodemailer', '@graphql-yoga/render-graphiql'];
    const files = new Map(source.map((file) => [file.path, file]));
    const reached = new Set(['src/main/startCommand.ts', 'src/main/serve.ts']);
    const found: string[] = [];
    // A Set also visits what is added while it is walked.
    for (const path of reached) {
      for (const { target, isPackage, typeOnly } of files.get(path)?.imports ?? []) {
        if (typeOnly) continue;
        if (!isPackage) reached.add(target);
        else if (later.some((name) => target === name || target.startsWith(`${name}/`)))
          found.push(`${path} imports ${target}`);
      }
    }
    expect(reached.size).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });

  it('lets packages be imported by no one but the store when they reach the database', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(databasePackages.filter((name) => !(name in manifest.dependencies))).toEqual([]);
  });
});

function nameOf(node: unknown): string | undefined {
  const found = node as { type?: string; name?: string } | null;
  return found?.type === 'Identifier' ? found.name : undefined;
}

/** The name of an exported function; anything else is like nothing else. */
function declaredName(node: Node | undefined): unknown {
  return nameOf((node?.declaration as { id?: unknown } | undefined)?.id) ?? node;
}

function isRead(node: Node, object: string, property: string): boolean {
  return (
    node.type === 'MemberExpression' && nameOf(node.object) === object && nameOf(node.property) === property
  );
}

function literals(file: SourceFile): { node: Node; text: string }[] {
  return [...file.nodes()].flatMap((node) => {
    if (node.type === 'Literal' && typeof node.value === 'string') return [{ node, text: node.value }];
    if (node.type === 'TemplateLiteral') return [{ node, text: file.text.slice(node.start, node.end) }];
    return [];
  });
}
