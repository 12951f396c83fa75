import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/domain/access/principal.ts';
import { openTestApi, type TestApi } from '../support/testApi.ts';
import { ErrorWorld, previewDocument } from './errorWorld.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api?.close());

describe('the preview of an error', () => {
  const error = (more: object = {}) => ({ severity: 'LOW', source: 'shop', message: 'Timeout', ...more });

  test('says what each rule has to do with it, and why it comes to what it does', async () => {
    const here = await ErrorWorld.found(api);
    await here.world.set([
      { name: 'noise', text: ['timeout'], outcome: 'DROP' },
      { name: 'rest', outcome: 'DECLARE', severity: 'SEV3', tags: ['rest'] },
    ]);
    expect(await here.preview(error())).toMatchObject({
      outcome: 'DROP',
      rule: 'noise',
      declares: null,
      steps: [{ matches: true }],
      reported: {
        outcome: 'DROPPED',
        why: 'No incident of its kind is open, and the rule noise drops it.',
        incident: null,
        severity: null,
      },
    });
    expect(await here.preview(error({ severity: 'P1' }))).toMatchObject({
      outcome: 'DECLARE',
      rule: 'rest',
      declares: { title: 'Timeout', severity: 'SEV2', tags: ['rest'] },
      steps: [{ matches: true }, { matches: true }],
      reported: {
        outcome: 'CREATED',
        why: 'No incident of its kind is open, and a HIGH or CRITICAL error always becomes or joins one.',
        severity: 'SEV2',
      },
    });
  });

  test('without a rule leaves a LOW one beside incidents, until one of its kind is open', async () => {
    const here = await ErrorWorld.found(api);
    const alone = await here.preview(error());
    expect(alone).toMatchObject({ outcome: null, rule: null, declares: null, joins: null });
    expect(alone.reported).toMatchObject({ outcome: 'RECORDED', severity: null });
    await here.report(error({ severity: 'HIGH', message: 'timeout' }));
    expect((await here.preview(error())).reported).toMatchObject({
      outcome: 'JOINED',
      why: 'The incident of its kind is open, and it joins that, whatever the rules say.',
      incident: { title: 'timeout', severity: 'SEV2', status: 'REPORTED' },
      severity: 'SEV2',
    });
    const worse = await here.preview(error({ severity: 'CRITICAL' }));
    expect(worse.reported).toMatchObject({ incident: { severity: 'SEV2' }, severity: 'SEV1' });
  });

  test('judges one that was reported anew when it is told under a higher severity', async () => {
    const here = await ErrorWorld.found(api);
    await here.world.set([{ name: 'noise', outcome: 'DROP' }]);
    await here.report(error({ errorId: 'e1' }));
    const told = async (severity: string) =>
      (await here.preview(error({ errorId: 'e1', severity }))).reported;
    expect(await told('LOW')).toMatchObject({ outcome: 'DROPPED', why: expect.stringContaining('before') });
    expect(await told('CRITICAL')).toMatchObject({ outcome: 'CREATED', severity: 'SEV1' });
    expect((await here.preview(error({ errorId: 'e2' }))).reported.why).not.toContain('before');
  });

  test('reads it as its key is configured, for administrators', async () => {
    const { world } = await ErrorWorld.found(api);
    const made = await world.do('createApiKey', { name: 'Shop', role: 'MEMBER', scopes: ['INGEST'] });
    const { id: apiKeyId } = made.apiKey as { id: string };
    const severityMap = [{ text: 'low', severity: 'SEV1' }];
    await world.do('setIngestConfiguration', { apiKeyId, service: 'till', severityMap });
    await world.set([{ name: 'tills', services: ['till'], outcome: 'DECLARE', tags: ['till'] }]);
    const payload = { error: error(), apiKeyId };
    const asked = await api.run(world.here.user('ORG_ADMIN'), previewDocument, { payload });
    const declares = { severity: 'SEV1', tags: ['till'] };
    expect(asked).toMatchObject({
      errors: [],
      data: { previewRules: [{ declares, reported: { outcome: 'CREATED' } }] },
    });
    const viewer = await api.run(world.here.user('VIEWER'), previewDocument, { payload });
    expect(viewer.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
  });

  test('shows what rules say to whoever may read the policy, and incidents to whoever may read them', async () => {
    const { world } = await ErrorWorld.found(api);
    const asked = (principal: Principal, selection: string) =>
      api.run<{ previewRules: object[] } | null>(
        principal,
        `query($payload: PreviewPayloadInput!) { previewRules(payload: $payload) { ${selection} } }`,
        { payload: { error: error() } },
      );
    const administering = world.here.key('ORG_ADMIN', ['ADMIN']);
    expect((await asked(administering, 'summary outcome')).data?.previewRules).toHaveLength(1);
    const refused = await asked(administering, 'summary reported { outcome }');
    expect(refused.errors).toMatchObject([{ code: 'FORBIDDEN' }]);
    const reading = await asked(world.here.key('VIEWER', ['READ']), 'reported { outcome }');
    expect(reading.data?.previewRules).toEqual([{ reported: { outcome: 'RECORDED' } }]);
    for (const scopes of [['INGEST'], ['RESPOND']] as const) {
      const { errors } = await asked(world.here.key('MEMBER', scopes), 'summary');
      expect(errors).toMatchObject([{ code: 'FORBIDDEN' }]);
    }
  });

  test('knows no error and no incident of another organization', async () => {
    const [here, other] = [await ErrorWorld.found(api), await ErrorWorld.found(api)];
    const told = error({ errorId: 'e1', fingerprint: 'same', severity: 'HIGH', correlationKey: 'deploy' });
    await other.report(told);
    await here.world.set([{ name: 'joins', outcome: 'ATTACH_ONLY' }]);
    expect(await here.preview(told)).toMatchObject({
      joins: null,
      reported: { outcome: 'CREATED', incident: null, why: expect.stringContaining('No incident') },
    });
    const low = await here.preview({ ...told, severity: 'LOW' });
    expect(low).toMatchObject({ joins: null, reported: { outcome: 'RECORDED', incident: null } });
  });

  test('is of the kind that reporting it has', async () => {
    const here = await ErrorWorld.found(api);
    const { reported } = await here.preview(error({ message: 'No slot 17 left' }));
    await here.report(error({ message: 'No slot 4 left' }));
    const { reportedErrors } = await here.world.read<{ reportedErrors: { nodes: object[] } }>(
      '{ reportedErrors { nodes { fingerprint } } }',
    );
    expect(reportedErrors.nodes).toEqual([{ fingerprint: reported.fingerprint }]);
  });

  test.each([
    ['that says nothing', { error: error({ message: ' ' }) }, /^payload\.error\.message: /],
    ['of a long id', { error: error({ errorId: 'x'.repeat(201) }) }, /^payload\.error\.errorId: /],
    ['beside a body', { error: error(), format: 'alertmanager', body: {} }, /^Give one of these/],
    [
      'beside a signal',
      { error: error(), signal: { source: 'x', summary: 'y', severity: 'SEV4' } },
      /^Give one of these/,
    ],
  ])('%s is refused', async (_what, payload, message) => {
    const { world } = await ErrorWorld.found(api);
    const { errors } = await api.run(world.here.user('VIEWER'), previewDocument, { payload });
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', message: expect.stringMatching(message) }]);
  });
});
