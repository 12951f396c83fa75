import { limits } from '../incident/limits.ts';
import { listLimit } from '../incident/state.ts';
import { InputCheck } from '../inputCheck.ts';
import type { BurstThreshold } from '../policy/policy.ts';
import type { AdministrationVerb } from './decision.ts';
import { policyChange } from './policyChange.ts';

/** The most a threshold may ask for, of errors and of targets. */
const countLimit = 1_000_000;

/** Sets how severe bursts of runs are. What is absent or null stays; `sources` replaces those there are. */
export const setRunPolicy: AdministrationVerb<'setRunPolicy'> = (input, { policy }) => {
  const check = new InputCheck();
  const now = policy.runs;
  const thresholds =
    input.thresholds == null ? now.thresholds : checkedThresholds(check, ['thresholds'], input.thresholds);
  const sources =
    input.sources == null
      ? now.sources
      : check.list('sources', input.sources, (path, one) => ({
          source: check.text([...path, 'source'], one.source, limits.name),
          thresholds: checkedThresholds(check, [...path, 'thresholds'], one.thresholds),
        }));
  if (new Set(sources.map(({ source }) => source)).size < sources.length) {
    check.note('sources', 'Name each source once.');
  }
  return check.refusal ?? policyChange('RUNS', policy, { runs: { thresholds, sources } });
};

function checkedThresholds(
  check: InputCheck,
  path: readonly string[],
  thresholds: readonly BurstThreshold[],
): readonly BurstThreshold[] {
  if (thresholds.length > listLimit) check.note(path, `At most ${listLimit} thresholds are allowed.`);
  return thresholds.slice(0, listLimit).map(({ severity, errors, targets }, index) => ({
    severity,
    errors: check.whole([...path, String(index), 'errors'], errors, 1, countLimit),
    targets: check.whole([...path, String(index), 'targets'], targets, 1, countLimit),
  }));
}
