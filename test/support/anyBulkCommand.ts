import fc from 'fast-check';
import { bulkActionKinds } from '../../src/domain/bulkAction/bulkAction.ts';

/** Inputs of the commands of bulk actions, with texts like these. */
export function anyBulkCommand(text: fc.Arbitrary<string>) {
  const optionalText = fc.option(text, { nil: undefined });
  const optionalCount = fc.option(fc.integer({ min: -1, max: 100_000 }), { nil: undefined });
  return {
    runBulkAction: fc
      .record({
        action: fc.constantFrom(...bulkActionKinds),
        targets: fc.array(text, { maxLength: 3 }),
        source: optionalText,
        concurrency: optionalCount,
        throttleMilliseconds: optionalCount,
      })
      .map((input) => ({ targetsDigest: '', ...withoutAbsent(input) })),
    cancelBulkAction: fc
      .record({ bulkActionId: fc.constant('none'), reason: optionalText })
      .map(withoutAbsent),
    finishBulkAction: fc.record({
      bulkActionId: fc.constant('none'),
      succeeded: fc.nat(),
      failed: fc.nat(),
      cancelled: fc.nat(),
      resultsDigest: fc.constant(''),
      mutesDigest: fc.constant(''),
    }),
  };
}

function withoutAbsent<T extends object>(input: T) {
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]: Exclude<T[K], undefined> };
}
