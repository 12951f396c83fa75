import { expect, test } from 'vitest';
import { errorsDocument } from '../support/errorsDocument.ts';

test('docs/errors.md says what the registry says', async () => {
  await expect(errorsDocument()).toMatchFileSnapshot('../../docs/errors.md');
});
