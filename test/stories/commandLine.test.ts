import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

// Every command that is written down is one that can be typed as it stands there.

const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const texts = pages.map((page) => readFileSync(page, 'utf8'));
const help = (words: readonly string[]) =>
  spawnSync(process.execPath, ['dist/main.js', ...words, '--help'], { encoding: 'utf8' });
const written = new Set(
  texts.flatMap((text) =>
    [...text.matchAll(/node dist\/main\.js ([a-z][a-z-]*(?: [a-z][a-z-]*)?)/g)].map(
      ([, words = '']) => words,
    ),
  ),
);

test('nothing says `warroom` where that is no command', () => {
  expect(texts.flatMap((text) => text.match(/`warroom [a-z]+/g) ?? [])).toEqual([]);
});

test('there are some, and the program knows each and calls itself so', () => {
  expect(written.size).toBeGreaterThan(5);
  for (const words of written) {
    const [first = '', second] = words.split(' ');
    const known = help([first]).stdout.includes(`\n  ${second} `) ? [first, second ?? ''] : [first];
    const { status, stdout } = help(known);
    expect([words, status, stdout.split(' [')[0]?.split(' <')[0]]).toEqual([
      words,
      0,
      `Usage: node dist/main.js ${known.join(' ')}`,
    ]);
  }
});
