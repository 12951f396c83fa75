import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

// What installing would say: npm warns of engines and deprecations that stand in the lock file as they do here.

/** What the lock file says of a package. */
interface Locked {
  readonly optional?: boolean;
  readonly deprecated?: string;
  readonly hasInstallScript?: boolean;
  readonly engines?: { readonly node?: string };
}

const read = (name: string) => JSON.parse(readFileSync(name, 'utf8'));
const packages = Object.entries(read('package-lock.json').packages as Record<string, Locked>);
const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> };
/** The oldest of each line of Node that Warroom runs on. */
const versions = ['20.19.0', '22.13.0', '24.0.0'];

type Version = readonly [number, number, number];

const partsOf = (text: string): number[] =>
  text
    .split('.')
    .filter((part) => !/^[x*]$/i.test(part))
    .map(Number);

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** One comparator as from … up to, not including. @throws Error when it is written in a way not met before. */
function bounds(comparator: string): readonly [Version, Version] {
  const [, operator = '', text = ''] = /^(\^|~|>=|)\s*v?([\dx*]+(?:\.[\dx*]+){0,2})$/i.exec(comparator) ?? [];
  const parts = partsOf(text);
  if (parts.some(Number.isNaN) || (text === '' && comparator !== '*')) throw new Error(comparator);
  const [major = 0, minor = 0, patch = 0] = parts;
  const from: Version = [major, minor, patch];
  const endless: Version = [Number.POSITIVE_INFINITY, 0, 0];
  if (operator === '>=' || parts.length === 0) return [from, endless];
  // A caret keeps the major version, which is never 0 for Node; so does a major version by itself.
  if (operator === '^' || parts.length === 1) return [from, [major + 1, 0, 0]];
  if (operator === '~' || parts.length === 2) return [from, [major, minor + 1, 0]];
  return [from, [major, minor, patch + 1]];
}

/** Whether a version of Node lies in a range as `engines` writes them. */
function satisfies(version: string, range: string): boolean {
  const [major = 0, minor = 0, patch = 0] = partsOf(version);
  const node: Version = [major, minor, patch];
  return range.split('||').some((all) =>
    all
      .trim()
      .replaceAll(/(>=|\^|~)\s+/g, '$1')
      .split(/\s+/)
      .every((comparator) => {
        const [from, to] = bounds(comparator);
        return compare(node, from) >= 0 && compare(node, to) < 0;
      }),
  );
}

test.each([
  ['>=20.19', true],
  ['>= 14.6', true],
  ['^20.0.0 || >=22.0.0', true],
  ['20 || >=22', true],
  ['4.x || >=6.0.0', true],
  ['>=16 || 14 >=14.17', true],
  ['*', true],
  ['^20.20.0 || >=22', false],
  ['^18.0.0', false],
  ['20.18', false],
  ['>=20.19.1', false],
])('Node 20.19.0 and %s: %s', (range, expected) => {
  expect(satisfies('20.19.0', range)).toBe(expected);
});

test.each(versions)('every package that is installed takes Node %s', (version) => {
  expect(packages.length).toBeGreaterThan(100);
  const unmet = packages.filter(
    // What is optional is left out in silence.
    ([, { optional, engines }]) => !optional && engines?.node && !satisfies(version, engines.node),
  );
  expect(unmet.map(([name]) => name)).toEqual([]);
});

test('no package is deprecated', () => {
  expect(packages.filter(([, { deprecated }]) => deprecated !== undefined)).toEqual([]);
});

test('the only packages that would run something when they are installed are those that must not', () => {
  const running = packages.filter(([, { hasInstallScript, optional }]) => hasInstallScript && !optional);
  expect(running.map(([name]) => name.replace(/^.*node_modules\//, '')).sort()).toEqual(
    Object.keys(allowScripts).sort(),
  );
  expect(Object.values(allowScripts)).not.toContain(true);
});
