import { makeSecret } from '../../app/makeSecret.ts';
import { idOf } from '../globalId.ts';
import { absentId } from '../mutation/incidentMutation.ts';
import { organizationMutation } from '../mutation/organizationMutation.ts';
import { ApiKey } from './apiKey.ts';

organizationMutation('rotateApiKey', {
  description:
    'Gives an API key a new secret, shown this once. The one it has works on for a while, so that programs can be told; one before that stops at once. The key stays the same: the incidents it opened are still its own. Whoever rotates one must be able to create it.',
  fields: (t) => ({
    apiKeyId: t.id({ required: true, description: 'The key: its `id`.' }),
    overlapMinutes: t.int({
      required: true,
      description:
        'Minutes the old secret goes on working, 0–10,080 (seven days). 0 when it is known to others.',
    }),
  }),
  prepare: ({ apiKeyId, overlapMinutes }) => {
    const { secret, prefix, hash } = makeSecret();
    const command = {
      apiKeyId: idOf('ApiKey', apiKeyId) ?? absentId,
      overlapMinutes,
      made: { prefix, hash },
    };
    return { command, secret };
  },
  payload: (t) => ({
    apiKey: t.field({
      type: ApiKey,
      description: 'The key as it is now.',
      resolve: async ({ command }, _args, { loaders }) => {
        const key = await loaders.apiKey.load(command.apiKeyId);
        if (key === null) throw new Error('An API key was rotated and cannot be read.');
        return key;
      },
    }),
    secret: t.string({
      nullable: true,
      description:
        'What to send as `Authorization: Bearer …` from now on. Shown once, kept nowhere; null on a repeat of an idempotency key.',
      resolve: ({ secret }) => secret,
    }),
  }),
});
