import { lookup } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { createInbound } from '../../src/inbound/route.ts';
import { createFetchFromAmazon } from '../../src/outbound/fetchFromAmazon.ts';
import { isInward } from '../../src/outbound/outward.ts';
import { Amazon } from './amazon.ts';
import { once, quiet } from './quiet.ts';
import { Switchboard } from './switchboard.ts';

const now = '2026-11-20T17:05:00.000Z';
const amazon = new Amazon();

function received(of: Amazon = amazon) {
  const switchboard = new Switchboard();
  const inbound = createInbound({
    ...quiet,
    handle: switchboard.handle,
    now: () => now,
    fetchFromAmazon: of.fetch,
  });
  const send = async (message: unknown) => {
    const body = once(JSON.stringify(message));
    return inbound({ method: 'POST', path: '/inbound/sns/key', headers: {}, body, remoteAddress: null });
  };
  return { switchboard, send, status: async (message: unknown) => (await send(message))?.status };
}

const confirmation = {
  Type: 'SubscriptionConfirmation',
  MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
  Token: '2336412f37fb687f5d51e6e241d09c805a5a57b30d712f794cc5f6a988666d92768dd60a747ba6f3beb71854e285d6ad',
  TopicArn: 'arn:aws:sns:us-east-1:123456789012:warroom',
  Message: 'You have chosen to subscribe to the topic.',
  SubscribeURL:
    'https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-east-1:123456789012:warroom&Token=2336412f',
  Timestamp: '2026-11-20T17:04:00.000Z',
  SigningCertURL: amazon.certificateUrl,
};

describe('a notification', () => {
  it.each(['1', '2'] as const)('signed by version %s gets in, known by its MessageId', async (version) => {
    const { status, switchboard } = received();
    expect(await status(amazon.signed(amazon.notification(), version))).toBe(200);
    expect(switchboard.requests).toMatchObject([
      { request: { key: expect.stringMatching(/^sns:[0-9a-f]{64}$/) } },
    ]);
  });

  it('of another subject, or none, is signed with it', async () => {
    const { status } = received();
    expect(await status(amazon.signed(amazon.notification({}, { Subject: undefined })))).toBe(200);
    const signed = amazon.signed(amazon.notification());
    expect(await status({ ...signed, Subject: 'Another' })).toBe(401);
  });

  it('is checked with a certificate fetched once', async () => {
    const own = new Amazon();
    const { status } = received(own);
    for (let time = 0; time < 3; time++) expect(await status(own.signed(own.notification()))).toBe(200);
    expect(own.asked).toEqual([own.certificateUrl]);
  });

  const signed = amazon.signed(amazon.notification());
  it.each<[string, object | null]>([
    ['nothing', null],
    ['without a signature', { ...signed, Signature: '' }],
    ['of another key', new Amazon().signed(amazon.notification())],
    ['of version 3', { ...signed, SignatureVersion: '3' }],
    ['of another version than it says', { ...signed, SignatureVersion: '1' }],
    ['of another kind', { ...signed, Type: 'Other' }],
    ['of a kind that every object has', { ...signed, Type: 'constructor' }],
    ['of a kind that is no text', { ...signed, Type: { toString: 1 } }],
    ['of a version that every object has', { ...signed, SignatureVersion: 'constructor' }],
    ['of a version that is no text', { ...signed, SignatureVersion: { toString: 1 } }],
    ['of a subject that is no text', { ...signed, Subject: { toString: 1 } }],
    [
      'published two hours ago',
      amazon.signed(amazon.notification({}, { Timestamp: '2026-11-20T15:05:00.000Z' })),
    ],
    [
      'published in an hour',
      amazon.signed(amazon.notification({}, { Timestamp: '2026-11-20T18:05:00.000Z' })),
    ],
    ['published at no time', amazon.signed(amazon.notification({}, { Timestamp: 'now' }))],
  ])('%s is 401, and nothing happens', async (_what, message) => {
    const { status, switchboard } = received();
    expect(await status(message)).toBe(401);
    expect(switchboard.requests).toEqual([]);
  });

  it.each([
    'http://sns.us-east-1.amazonaws.com/SimpleNotificationService-a.pem',
    'https://sns.us-east-1.amazonaws.com.evil.example/SimpleNotificationService-a.pem',
    'https://evil.example/sns.us-east-1.amazonaws.com/SimpleNotificationService-a.pem',
    'https://sns.us-east-1.amazonaws.com@evil.example/SimpleNotificationService-a.pem',
    'https://sns.us-east-1.amazonaws.com:8443/SimpleNotificationService-a.pem',
    'https://bucket.s3.amazonaws.com/SimpleNotificationService-a.pem',
    'https://sns.us-east-1.amazonaws.com/other.pem',
    'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-a.pem?x=1',
    'https://127.0.0.1/SimpleNotificationService-a.pem',
  ])('whose certificate lies at %s is 401, and nothing is asked for there', async (SigningCertURL) => {
    const own = new Amazon();
    const { status } = received(own);
    expect(await status(own.signed(own.notification({}, { SigningCertURL })))).toBe(401);
    expect(own.asked).toEqual([]);
  });

  it('whose certificate has run out is 401', async () => {
    const own = new Amazon('20260201000000Z');
    expect(await received(own).status(own.signed(own.notification()))).toBe(401);
  });

  it('is to be sent again while its certificate cannot be had', async () => {
    const own = new Amazon();
    own.failure = new Error('unreachable');
    const { send, status } = received(own);
    const answer = await send(own.signed(own.notification()));
    expect([answer?.status, answer?.headers['retry-after']]).toEqual([503, '10']);
    own.failure = null;
    expect(await status(own.signed(own.notification()))).toBe(200);
  });

  it('altered or stale, a thousand of each: none gets in', async () => {
    const { status, switchboard } = received();
    for (let number = 0; number < 1_000; number++) {
      const Message = signed.Message as string;
      const at = (number * 7_919) % Message.length;
      const altered = `${Message.slice(0, at)}${Message[at] === 'x' ? 'y' : 'x'}${Message.slice(at + 1)}`;
      expect(await status({ ...signed, Message: altered })).toBe(401);
      const Timestamp = new Date(Date.parse(now) - 3_600_001 - number * 1_000).toISOString();
      // Amazon did sign it, then.
      expect(await status(amazon.signed(amazon.notification({}, { Timestamp })))).toBe(401);
    }
    expect(switchboard.requests).toEqual([]);
  });
});

describe('a subscription', () => {
  it('that Amazon signed is confirmed', async () => {
    const own = new Amazon();
    const { status, switchboard } = received(own);
    expect(await status(own.signed(confirmation))).toBe(200);
    expect(own.asked).toEqual([own.certificateUrl, confirmation.SubscribeURL]);
    expect(switchboard.requests).toEqual([]);
  });

  it.each([
    'https://evil.example/?Action=ConfirmSubscription',
    'http://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription',
    'https://sns.us-east-1.amazonaws.com.evil.example/?Action=ConfirmSubscription',
    'https://169.254.169.254/?Action=ConfirmSubscription',
  ])('that would be confirmed at %s is not', async (SubscribeURL) => {
    const own = new Amazon();
    expect(await received(own).status(own.signed({ ...confirmation, SubscribeURL }))).toBe(401);
    expect(own.asked).toEqual([own.certificateUrl]);
  });

  it('that nobody signed is not', async () => {
    const own = new Amazon();
    expect(await received(own).status(new Amazon().signed(confirmation))).toBe(401);
    expect(own.asked).toEqual([own.certificateUrl]);
  });

  it('that ends is nothing', async () => {
    const own = new Amazon();
    expect(await received(own).status(own.signed({ ...confirmation, Type: 'UnsubscribeConfirmation' }))).toBe(
      200,
    );
    expect(own.asked).toEqual([own.certificateUrl]);
  });
});

describe('what is fetched comes from the internet', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '::1',
    '::ffff:10.0.0.1',
    'fd00::1',
    'fe80::1',
    '0.0.0.0',
  ])('not from %s', (address) => {
    expect(isInward(address)).toBe(true);
  });

  it.each(['52.94.236.248', '2600:1f14::1'])('but from %s', (address) => {
    expect(isInward(address)).toBe(false);
  });

  it('a name that leads inward is refused', async () => {
    const fetch = createFetchFromAmazon(lookup);
    await expect(fetch('https://localhost/')).rejects.toThrow('does not lead to an address that is allowed');
  });
});
