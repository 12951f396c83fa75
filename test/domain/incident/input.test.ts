import { describe, expect, it } from 'vitest';
import type { DeclareInput, IncidentCommand } from '../../../src/domain/incident/commands.ts';
import { decide } from '../../../src/domain/incident/decide.ts';
import { bodyLimit, stateLimit, stateSize } from '../../../src/domain/incident/oversize.ts';
import { declared, inStatus, rootCause, Story, start } from '../../support/given.ts';

const fine: DeclareInput = { title: 'Down', severity: 'SEV3' };
const many = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

function declareProblems(input: Partial<DeclareInput>): string[] {
  return new Story().problems('declareIncident', { ...fine, ...input });
}

describe('a declaration', () => {
  it.each<[string, Partial<DeclareInput>, string[]]>([
    ['a blank title', { title: ' \n ' }, ['title']],
    ['a title of 201', { title: 'x'.repeat(201) }, ['title']],
    ['a description of 20,001', { description: 'x'.repeat(20_001) }, ['description']],
    ['51 tags', { tags: many(51) }, ['tags']],
    ['a blank tag', { tags: ['a', ' '] }, ['tags.1']],
    ['51 correlation keys', { correlationKeys: many(51) }, ['correlationKeys']],
    ['51 signals', { signalIds: many(51) }, ['signalIds']],
    ['U+0000', { title: 'a\u0000b' }, ['title']],
    ['a carriage return', { description: 'a\r\nb' }, ['description']],
    ['an escape character', { impact: 'a\u001bb' }, ['impact']],
    ['a C1 control character', { impact: 'a\u0085b' }, ['impact']],
    ['a high surrogate alone', { title: 'a\ud83d' }, ['title']],
    ['a low surrogate alone', { title: '\ude00a' }, ['title']],
    ['detection in the future', { detectedAt: '2026-01-01T00:05:00.001Z' }, ['detectedAt']],
    ['impact in the future', { startedAt: '2026-01-01T00:05:00.001Z' }, ['startedAt']],
    ['no instant', { detectedAt: 'yesterday' }, ['detectedAt']],
    ['an instant before 1970', { detectedAt: '1969-12-31T23:59:59.999Z' }, ['detectedAt']],
    [
      'a reference with a bad URL',
      { externalRefs: [{ system: 'jira', id: '', url: 'ftp://x' }] },
      ['externalRefs.0.id', 'externalRefs.0.url'],
    ],
    [
      'several at once',
      { title: '', tags: ['\u0000'], runbook: 'x'.repeat(501), service: 'x'.repeat(101) },
      ['title', 'tags.0', 'runbook', 'service'],
    ],
  ])('refuses %s', (_what, input, paths) => {
    expect(declareProblems(input).sort()).toEqual([...paths].sort());
  });

  it('accepts what is just within bounds', () => {
    const story = declared({
      title: '😀'.repeat(100),
      description: `${'x'.repeat(19_997)}\n\t.`,
      tags: many(50),
      detectedAt: '2026-01-01T00:05:00.000Z',
    });
    expect(story.incident.tags).toHaveLength(50);
    expect(story.incident.title).toBe('😀'.repeat(100));
  });

  it('keeps each tag once, without the spaces around it', () => {
    expect(declared({ tags: ['web', ' web ', 'db'] }).incident.tags).toEqual(['web', 'db']);
  });

  it('keeps instants as UTC with milliseconds', () => {
    const story = declared({ detectedAt: '2025-12-31T23:30:00+01:00' });
    expect(story.incident.detectedAt).toBe('2025-12-31T22:30:00.000Z');
  });
});

describe('other commands', () => {
  const slo = {
    sloId: 'latency',
    windowStart: start,
    windowEnd: '2026-01-01T01:00:00.000Z',
    errorBudgetConsumed: 0.5,
    thresholdBreached: 0.1,
  };

  it.each<[string, IncidentCommand, string[]]>([
    ['notes of 50,001', { name: 'editIncidentNotes', input: { notes: 'x'.repeat(50_001) } }, ['notes']],
    ['a blank note', { name: 'addIncidentNote', input: { message: '' } }, ['message']],
    [
      'a blank root cause',
      { name: 'recordRootCause', input: { ...rootCause, summary: '', remediationSteps: ' ' } },
      ['summary', 'remediationSteps'],
    ],
    [
      '51 follow-ups',
      { name: 'resolveIncident', input: { summary: 's', followUps: many(51) } },
      ['followUps'],
    ],
    ['no reason', { name: 'cancelIncident', input: { reason: '' } }, ['reason']],
    ['no reason to reopen', { name: 'reopenIncident', input: { reason: '' } }, ['reason']],
    ['a cleared title', { name: 'updateIncident', input: { title: '' } }, ['title']],
    [
      'an SLO window that ends before it starts',
      { name: 'recordSloViolation', input: { ...slo, windowEnd: start } },
      ['windowEnd'],
    ],
    [
      'numbers that are none',
      {
        name: 'recordSloViolation',
        input: { ...slo, errorBudgetConsumed: Number.NaN, thresholdBreached: -1 },
      },
      ['errorBudgetConsumed', 'thresholdBreached'],
    ],
    [
      'a signal without words',
      { name: 'attachSignal', input: { type: 'LOG', source: '', summary: '' } },
      ['source', 'summary'],
    ],
    [
      'signal data over 256 KB',
      {
        name: 'attachSignal',
        input: { type: 'LOG', source: 's', summary: 's', data: { json: ' '.repeat(262_145), digest: '' } },
      },
      ['data'],
    ],
  ])('refuse %s', (_what, { name, input }, paths) => {
    expect(inStatus('IDENTIFIED').problems(name, input)).toEqual(paths);
  });
});

describe('the last guard', () => {
  it('keeps a body within 16 KB though every field is within its own bound', () => {
    const input = {
      summary: 'x'.repeat(2_000),
      notes: '"'.repeat(4_000),
      impactAssessment: '\n'.repeat(3_998).concat('.').padStart(4_000, '.'),
      lessonsLearned: 'x'.repeat(4_000),
    };
    const story = inStatus('IDENTIFIED');
    expect(story.refusal('resolveIncident', input)).toMatchObject({ kind: 'ValidationError' });
    story.do('resolveIncident', { ...input, notes: null });
    expect(JSON.stringify(story.events.at(-1)).length).toBeLessThanOrEqual(bodyLimit);
  });

  it('keeps the state within 64 KB, and leaves room to acknowledge and resolve', () => {
    const story = declared();
    let refused = 0;
    for (let index = 0; index < 50; index++) {
      const url = `https://tickets.example/${index}/${'x'.repeat(470)}`;
      const decision = story.when('linkIncidentTicket', { url, key: 'K'.repeat(100) });
      if (decision.ok) story.apply(decision);
      else refused += 1;
    }
    expect(refused).toBeGreaterThan(0);
    story.do('acknowledgeIncident', { note: 'x'.repeat(1_000) });
    story.do('recordRootCause', { ...rootCause, remediationSteps: 'x'.repeat(5_000) });
    story.do('resolveIncident', { summary: 'Fixed', notes: 'x'.repeat(4_000) });
    expect(stateSize(story.incident)).toBeLessThanOrEqual(stateLimit);
  });
});

describe('a refusal', () => {
  it('writes nothing, not even what was due', () => {
    const story = declared({ severity: 'SEV1' });
    const command: IncidentCommand = { name: 'resolveIncident', input: { summary: 'x' } };
    expect(decide(command, story.state, story.context({ atMinute: 60 }))).toEqual({
      ok: false,
      refusal: expect.objectContaining({ kind: 'WorkflowGateError' }),
    });
  });
});
