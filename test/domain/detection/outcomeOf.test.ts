import { describe, expect, it } from 'vitest';
import type { DetectionRule } from '../../../src/domain/detection/detectionRule.ts';
import { labelsOf } from '../../../src/domain/detection/labelsOf.ts';
import { matchesPattern } from '../../../src/domain/detection/matchesPattern.ts';
import { outcomeOf, type SignalCandidate } from '../../../src/domain/detection/outcomeOf.ts';
import { titleFrom, unknownPlaceholders } from '../../../src/domain/detection/titleFrom.ts';
import { whyOf } from '../../../src/domain/detection/whyOf.ts';
import { textProblem } from '../../../src/domain/textProblem.ts';
import { anyRule } from '../../support/anyRule.ts';

const candidate = (over: Partial<SignalCandidate> = {}): SignalCandidate => ({
  source: 'alertmanager',
  service: 'Checkout',
  environment: 'production',
  severity: 'SEV3',
  text: 'Checkout answers 500\nError rate',
  labels: () => new Map([['team', 'payments']]),
  isProtected: false,
  ...over,
});

describe('the first rule that matches', () => {
  it.each<[string, Partial<DetectionRule>, Partial<SignalCandidate>, boolean]>([
    ['nothing asked for', {}, {}, true],
    ['its source, without case', { sources: ['AlertManager'] }, {}, true],
    ['another source', { sources: ['grafana', 'alert'] }, {}, false],
    ['a source by its beginning', { sources: ['alert*'] }, {}, true],
    ['its service', { services: ['check*t'] }, {}, true],
    ['a service it does not name', { services: ['*'] }, { service: null }, false],
    ['its environment', { environments: ['staging', 'prod*'] }, {}, true],
    ['its severity', { severities: ['SEV2', 'SEV3'] }, {}, true],
    ['another severity', { severities: ['SEV1'] }, {}, false],
    ['a text in it', { text: ['ERROR RATE'] }, {}, true],
    ['a text that is not in it', { text: ['disk'] }, {}, false],
    ['its label', { labels: [{ name: 'team', pattern: 'pay*' }] }, {}, true],
    ['a label of another value', { labels: [{ name: 'team', pattern: 'pay' }] }, {}, false],
    [
      'one label of two',
      {
        labels: [
          { name: 'team', pattern: '*' },
          { name: 'region', pattern: '*' },
        ],
      },
      {},
      false,
    ],
    ['all conditions but one', { sources: ['*'], severities: ['SEV3'], text: ['disk'] }, {}, false],
  ])('%s', (_name, conditions, over, matches) => {
    const rule = anyRule({ ...conditions, outcome: 'DROP' });
    const ruled = outcomeOf([rule], candidate(over));
    expect(ruled.rule).toBe(matches ? rule : null);
    expect(ruled.outcome).toBe(matches ? 'DROP' : 'DECLARE');
    expect(whyOf(ruled.steps[0] as (typeof ruled.steps)[number], candidate(over))).toMatch(
      matches ? /^It matches/ : /^(?!It matches).+\.$/,
    );
  });

  it('wins, and those after it are not tried', () => {
    const rules = [
      anyRule({ name: 'other', sources: ['grafana'] }),
      anyRule({ name: 'first', outcome: 'ATTACH_ONLY' }),
      anyRule({ name: 'second', outcome: 'DROP' }),
    ];
    const { rule, steps } = outcomeOf(rules, candidate());
    expect(rule?.name).toBe('first');
    expect(steps.map((step) => step.rule.name)).toEqual(['other', 'first']);
  });

  it('is passed over where it would keep a HIGH or CRITICAL error from being an incident', () => {
    const rules = [
      anyRule({ name: 'drop', outcome: 'DROP' }),
      anyRule({ name: 'attach', outcome: 'ATTACH_ONLY' }),
      anyRule({ name: 'declare', severity: 'SEV4' }),
    ];
    const { rule, steps } = outcomeOf(rules, candidate({ isProtected: true }));
    expect(rule?.name).toBe('declare');
    expect(steps.map(({ passedOver }) => passedOver)).toEqual([true, true, false]);
  });

  it('is none: a signal declares as it is', () => {
    expect(outcomeOf([], candidate())).toEqual({ outcome: 'DECLARE', rule: null, steps: [] });
  });
});

describe('a pattern', () => {
  it.each([
    ['', '', true],
    ['*', '', true],
    ['*', 'anything', true],
    ['a*c', 'abbc', true],
    ['a*c', 'ac', true],
    ['a*c', 'acb', false],
    ['a*b*c', 'a-b-b-c', true],
    ['**a', 'bba', true],
    ['A.B', 'a.b', true],
    ['a.b', 'axb', false],
    ['a', 'ab', false],
    ['a*', 'b', false],
    ['(a+)+$', '(A+)+$', true],
  ])('%s of %s: %s', (pattern, text, matches) => {
    expect(matchesPattern(pattern, text)).toBe(matches);
  });

  it('cannot be made to hang', () => {
    const began = performance.now();
    expect(matchesPattern(`${'a*'.repeat(99)}b`, 'a'.repeat(20_000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('labels', () => {
  it.each([
    [
      'alerts',
      { labels: { team: 'a', replicas: 3, up: false, nested: {} } },
      { team: 'a', replicas: '3', up: 'false' },
    ],
    ['PagerDuty', { payload: { custom_details: { team: 'a' } } }, { team: 'a' }],
    ['Opsgenie', { details: { team: 'a' } }, { team: 'a' }],
    ['tags as texts', { tags: ['team:a', 'bare', 'url=x:y'] }, { team: 'a', url: 'x:y' }],
    ['tags as one text', { tags: 'team:a, env:b' }, { team: 'a', env: 'b' }],
    [
      'tags as pairs',
      { tags: [['team', 'a'], ['up', true], ['bare'], [1, 'b'], []] },
      { team: 'a', up: 'true' },
    ],
    [
      'tags as objects',
      { tags: [{ key: 'team', value: 'a' }, { name: 'env', value: 'b' }, { key: 'bare' }, {}, null] },
      { team: 'a', env: 'b' },
    ],
    [
      'dimensions of an alarm',
      { Trigger: { Dimensions: [{ value: 'db-1', name: 'DBInstanceIdentifier' }] } },
      { DBInstanceIdentifier: 'db-1' },
    ],
    [
      'dimensions of an alarm on an expression',
      {
        Trigger: {
          Metrics: [
            { Id: 'e1', Expression: 'm1 / m2' },
            { MetricStat: { Metric: { Dimensions: [{ value: 'lb-1', name: 'LoadBalancer' }] } } },
            { MetricStat: { Metric: { Dimensions: [{ value: 'lb-2', name: 'LoadBalancer' }] } } },
            { MetricStat: null },
            'odd',
          ],
        },
      },
      { LoadBalancer: 'lb-1' },
    ],
    ['the first of a name', { labels: { team: 'a' }, tags: ['team:b'] }, { team: 'a' }],
    ['none', { other: { team: 'a' } }, {}],
    ['no object', ['labels'], {}],
  ])('of %s', (_name, data, labels) => {
    expect(Object.fromEntries(labelsOf(JSON.stringify(data)))).toEqual(labels);
  });

  it('are none of what is no JSON, or nothing', () => {
    expect([labelsOf('{').size, labelsOf(null).size]).toEqual([0, 0]);
  });

  it('cannot be made to hang by a tag', () => {
    const tag = `a:${' '.repeat(250_000)}x`;
    const began = performance.now();
    expect(labelsOf(JSON.stringify({ tags: [tag, `${' '.repeat(250_000)}b`, ' c=d '] }))).toEqual(
      new Map([
        ['a', `${' '.repeat(999)}…`],
        ['c', 'd'],
      ]),
    );
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('have a bound', () => {
    const labels = { ['n'.repeat(1_000)]: 'v'.repeat(1_000), ['n'.repeat(1_001)]: 'v', w: 'v'.repeat(1_001) };
    expect([...labelsOf(JSON.stringify({ labels }))].map(([, value]) => value)).toEqual([
      'v'.repeat(1_000),
      `${'v'.repeat(999)}…`,
    ]);
  });
});

describe('a title', () => {
  const texts = { ...candidate(), title: 'Title', summary: 'Summary' };

  it.each([
    ['{service} in {environment}: {summary}', 'Checkout in production: Summary'],
    ['{severity} {source} {label:team} {title}', 'SEV3 alertmanager payments Title'],
    ['{label:nothing}', 'Title'],
    ['{label:nothing}  x ', 'x'],
    ['plain', 'plain'],
  ])('%s', (template, title) => {
    expect(titleFrom(template, texts)).toBe(title);
  });

  it('is no longer than a title may be', () => {
    expect(titleFrom('{summary}', { ...texts, summary: 'x'.repeat(1_000) })).toHaveLength(200);
  });

  it.each([
    ['a colour of a terminal', '\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['U+0000', 'a\u0000b', 'a b'],
    ['half a surrogate pair', 'a\ud83d', 'a'],
    ['a whole one', 'a😀', 'a😀'],
  ])('is never refused for a label with %s', (_what, team, title) => {
    const made = titleFrom('{label:team}', { ...texts, labels: () => new Map([['team', team]]) });
    expect(made).toBe(title);
    expect(textProblem(made, 1, 200)).toBeNull();
  });

  it('names what it does not know', () => {
    expect(unknownPlaceholders('{title} {what} {label:} {label:x}')).toEqual(['what', 'label:']);
  });
});
