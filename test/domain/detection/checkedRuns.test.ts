import { expect, it } from 'vitest';
import { checkedRuns } from '../../../src/domain/detection/checkedRuns.ts';

const bulkActionId = '019ac3f0-6f0e-7c55-8f6c-6f1b7a2f4c11';
const run = (runId: string) => ({ source: 'reminders', target: 't1', status: 'SUCCEEDED', runId }) as const;

it.each([`bulk/${bulkActionId}/1`, ` bulk/${bulkActionId}/1000 `])(
  'nobody reports the run that a bulk action leaves: %s',
  (runId) => {
    expect(checkedRuns([run('r1'), run(runId)])).toMatchObject({
      fields: [{ path: ['runs', '1', 'runId'] }],
    });
  },
);

it.each(['bulk/1', `bulk/${bulkActionId}`, `bulk/${bulkActionId}/1/2`, 'run-bulk'])(
  'an id that only looks a little like it is fine: %s',
  (runId) => {
    expect(checkedRuns([run(runId)])).toMatchObject([{ runId }]);
  },
);
