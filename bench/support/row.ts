/** One line of the table: a figure of ours, the baseline of the same run, and the bar it is held to. */
export interface Row {
  readonly name: string;
  readonly ours: number;
  readonly baseline: number | null;
  readonly unit: string;
  /** ours / baseline, or null where there is no baseline. */
  readonly ratio: number | null;
  /** As bars.md says it, e.g. `≥ 1.3×`. */
  readonly bar: string;
  readonly met: boolean;
  /** p99s, spreads and sizes worth keeping. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** The middle of an odd number of runs (of an even number: the lower middle). */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/** The value below which `share` (0 to 1) of the values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** A row where more is better: met when ours / baseline ≥ `atLeast`. */
export function atLeast(
  name: string,
  unit: string,
  ours: number,
  baseline: number,
  atLeast: number,
  detail: Record<string, unknown> = {},
): Row {
  const ratio = ours / baseline;
  return { name, ours, baseline, unit, ratio, bar: `≥ ${atLeast}×`, met: ratio >= atLeast, detail };
}

/** A row where less is better: met when ours / baseline ≤ `atMost`. */
export function atMost(
  name: string,
  unit: string,
  ours: number,
  baseline: number,
  atMost: number,
  detail: Record<string, unknown> = {},
): Row {
  const ratio = ours / baseline;
  return { name, ours, baseline, unit, ratio, bar: `≤ ${atMost}×`, met: ratio <= atMost, detail };
}

/** A row without a baseline where less is better: met when ours ≤ `limit`. */
export function below(
  name: string,
  unit: string,
  ours: number,
  limit: number,
  detail: Record<string, unknown> = {},
): Row {
  const bar = limit === 0 ? '0' : `≤ ${limit.toLocaleString('en')} ${unit}`;
  return { name, ours, baseline: null, unit, ratio: null, bar, met: ours <= limit, detail };
}

/** A row without a baseline where more is better: met when ours ≥ `limit`. */
export function above(
  name: string,
  unit: string,
  ours: number,
  limit: number,
  detail: Record<string, unknown> = {},
): Row {
  const bar = `≥ ${limit.toLocaleString('en')} ${unit}`;
  return { name, ours, baseline: null, unit, ratio: null, bar, met: ours >= limit, detail };
}

/** A row that is held to nothing: what another row's figure is to be read by. */
export function beside(name: string, unit: string, measured: number, baseline: number): Row {
  return { name, ours: measured, baseline, unit, ratio: measured / baseline, bar: '–', met: true };
}
