import { describe, expect, it } from 'vitest';
import { cloudWatch } from '../../src/inbound/cloudWatch.ts';
import type { SignalDelivery } from '../../src/inbound/translation.ts';
import { Amazon } from './amazon.ts';
import { ingest, Switchboard } from './switchboard.ts';

const context = { apiKeyId: ingest.credentialId };
const arn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:ServerCpuTooHigh';
const amazon = new Amazon();

function command(alarm: object = {}, settings: object = {}): SignalDelivery {
  const translation = cloudWatch(amazon.notification(alarm), { ...context, ...settings });
  if ('problems' in translation) throw new Error(JSON.stringify(translation.problems));
  const [only] = translation.commands;
  if (only === undefined) throw new Error('There is no command.');
  return only;
}

/** The alarm goes through these states, a minute each; the same one twice is told twice. */
async function delivered(...states: readonly string[]): Promise<Switchboard> {
  const switchboard = new Switchboard();
  let minute = 0;
  for (const [index, NewStateValue] of states.entries()) {
    if (states[index - 1] !== NewStateValue) minute += 1;
    const input = command({ NewStateValue, StateChangeTime: `2026-11-20T17:0${minute}:40.985+0000` });
    await switchboard.handle({
      organizationId: ingest.organizationId,
      actor: ingest.actor,
      target: { by: 'dedupKey', key: input.dedupKey },
      command: { name: 'receiveSignals', input },
    });
  }
  return switchboard;
}

describe('an alarm', () => {
  it('in ALARM', () => {
    expect(command()).toMatchObject({
      dedupKey: `cloudwatch:${ingest.credentialId}:${arn}`,
      resolve: false,
      severity: 'SEV3',
      declare: {
        title: 'ServerCpuTooHigh',
        severity: 'SEV3',
        source: 'cloudwatch',
        detectedAt: '2026-11-20T17:04:40.985Z',
        externalRefs: [
          {
            system: 'cloudwatch',
            id: arn,
            url: 'https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/ServerCpuTooHigh',
          },
        ],
      },
      firing: [{ type: 'METRIC', severity: 'ALARM', at: '2026-11-20T17:04:40.985Z' }],
    });
    const { description } = command().declare;
    expect(description).toContain('AWS/EC2 CPUUtilization');
    expect(description).toContain('InstanceId=i-12345678901234567');
    expect(description).toContain('Account 123456789012');
  });

  it('again and again is one; OK is its end', async () => {
    const { stories, last } = await delivered('ALARM', 'ALARM', 'OK', 'OK');
    expect(stories).toHaveLength(1);
    expect(last.incident).toMatchObject({ status: 'RESOLVED', signalCount: 1 });
  });

  it('after it was over is a new one', async () => {
    expect((await delivered('ALARM', 'OK', 'ALARM')).stories).toHaveLength(2);
  });

  it('without data is minor, until it is known to be more', async () => {
    const { stories, last } = await delivered('INSUFFICIENT_DATA', 'ALARM');
    expect(stories).toHaveLength(1);
    expect(last.incident).toMatchObject({ severity: 'SEV3', signalCount: 2 });
    expect((await delivered('INSUFFICIENT_DATA')).last.incident.severity).toBe('SEV4');
  });

  it('of odd dimensions is told of as JSON', () => {
    const odd = { toString: 1 };
    const { declare } = command({ Region: odd, Trigger: { Dimensions: [{ name: 'Disk', value: odd }] } });
    expect(declare.description).toContain('Disk={"toString":1}');
    expect(declare.description).toContain(', {"toString":1}');
  });

  it('is as severe as its key says', () => {
    expect(command({}, { defaultSeverity: 'SEV2' }).severity).toBe('SEV2');
    const severityMap = [{ text: 'alarm', severity: 'SEV1' }];
    expect(command({}, { severityMap }).severity).toBe('SEV1');
  });

  it.each([
    ['arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:a', 'https://console.amazonaws.cn/'],
    ['arn:something:else', null],
  ])('%s leads to %s', (AlarmArn, start) => {
    const url = command({ AlarmArn }).declare.externalRefs?.[0]?.url ?? null;
    expect(start === null ? url : url?.startsWith(start)).toBe(start === null ? null : true);
  });
});

it.each([
  ['nothing', null, ['', 'Message']],
  ['no message', { Type: 'Notification' }, ['Message']],
  ['another message', { Message: 'Your budget is used up' }, ['Message']],
  ['a list', { Message: '[]' }, ['Message']],
  ['an odd state', amazon.notification({ NewStateValue: 'ODD' }), ['Message.NewStateValue']],
  ['no name', amazon.notification({ AlarmName: '' }), ['Message.AlarmName']],
  ['no ARN', amazon.notification({ AlarmArn: null }), ['Message.AlarmArn']],
])('%s is refused with the field', (_what, body, paths) => {
  const translation = cloudWatch(body, context);
  expect('problems' in translation && translation.problems.map(({ path }) => path.join('.'))).toEqual(paths);
});
