/** `--quick`: fewer and shorter runs, for a look at whether everything runs. Its figures are nothing to publish. */
export const quick = process.argv.includes('--quick');

/** How much is measured. */
export const effort = {
  /** Runs whose median counts; odd. */
  runs: quick ? 1 : 5,
  /** Milliseconds of a load that are counted, after `warmUp` milliseconds that are not. */
  duration: quick ? 1_500 : 3_000,
  warmUp: quick ? 500 : 1_000,
} as const;
