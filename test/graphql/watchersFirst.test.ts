import { expect, test } from 'vitest';
import type { Answer } from '../../src/app/answer.ts';
import type { IncidentRecord } from '../../src/domain/incident/state.ts';
import type { GraphQLContext } from '../../src/graphql/context.ts';
import { handleIncidentCommand } from '../../src/graphql/mutation/handleIncidentCommand.ts';

test('what is under way to those who watch goes out before the writer’s payload is worked out', async () => {
  const order: string[] = [];
  const answer: Answer = {
    kind: 'done',
    entries: [],
    sequence: 7,
    incident: {} as IncidentRecord,
    replayed: false,
  };
  const context = {
    principal: {
      organizationId: 'o',
      actor: { kind: 'USER', id: 'ada', role: 'MEMBER' },
      scopes: ['RESPOND'],
    },
    handle: async () => {
      // As a group does that has more members than it writes to in one go.
      setImmediate(() => order.push('watchers'));
      return answer;
    },
    loaders: { clear: () => order.push('payload') },
  } as unknown as GraphQLContext;
  const command = { name: 'addIncidentNote', input: { message: 'looking' } } as const;
  await handleIncidentCommand(context, command, { by: 'new' }, { input: {}, key: null });
  expect(order).toEqual(['watchers', 'payload']);
});
