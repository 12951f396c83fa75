/** How deep JSON from outside may nest. What goes deeper than any program writes would exhaust whatever walks it. */
export const jsonDepthLimit = 128;

/** What is said of JSON that goes deeper. */
export const tooDeep = `This nests deeper than ${jsonDepthLimit} levels.`;

/** Whether a value of JSON holds lists and objects inside each other more than `limit` deep, however deep it goes. */
export function nestsDeeper(value: unknown, limit: number = jsonDepthLimit): boolean {
  let level: readonly object[] = containersIn([value]);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > limit) return true;
    const below: object[] = [];
    for (const container of level) {
      for (const inner of containersIn(Object.values(container))) below.push(inner);
    }
    level = below;
  }
  return false;
}

function containersIn(values: readonly unknown[]): object[] {
  return values.filter((value): value is object => typeof value === 'object' && value !== null);
}
