import { clipText } from '../domain/clipText.ts';
import { isJsonObject, type JsonObject } from './fieldReader.ts';

/** Below so many bytes nothing is worth keeping a part of. */
const worthKeeping = 1_024;

/** How deep into lists and objects something is cut; deeper it is kept whole or not at all. */
const cutDepth = 6;

/** How many bytes of UTF-8 a value takes as JSON; 0 for what JSON has no words for. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '');
}

/**
 * A value of JSON in at most so many bytes of UTF-8, as much of it as fits: of an object what is small before what is
 * large, of a list its first items, of a text its beginning. Undefined where nothing worth keeping fits. The same value
 * always comes to the same.
 */
export function fitJson(value: unknown, bytes: number, depth = 0): unknown {
  if (jsonBytes(value) <= bytes) return value;
  if (bytes < worthKeeping) return undefined;
  if (typeof value === 'string') return fitText(value, bytes);
  if (depth >= cutDepth) return undefined;
  if (Array.isArray(value)) return fitList(value, bytes, depth);
  return isJsonObject(value) ? fitObject(value, bytes, depth) : undefined;
}

function fitText(text: string, bytes: number): string {
  let fitting = clipText(text, bytes);
  // A character is up to six bytes: a control character, escaped. Each turn comes closer, and the second is mostly the last.
  for (let size = jsonBytes(fitting); size > bytes; size = jsonBytes(fitting)) {
    fitting = clipText(text, Math.floor((fitting.length * (bytes - 8)) / size));
  }
  return fitting;
}

function fitList(list: readonly unknown[], bytes: number, depth: number): readonly unknown[] {
  const kept: unknown[] = [];
  let left = bytes - 2;
  for (const item of list) {
    const size = jsonBytes(item) + 1;
    if (size <= left) {
      kept.push(item);
      left -= size;
      continue;
    }
    const part = fitJson(item, left - 1, depth + 1);
    if (part !== undefined) kept.push(part);
    break;
  }
  return kept;
}

function fitObject(object: JsonObject, bytes: number, depth: number): JsonObject {
  const sized = Object.entries(object).map(([name, value]) => ({
    name,
    value,
    around: jsonBytes(name) + 2,
    size: jsonBytes(value),
  }));
  const kept = new Map<string, unknown>();
  let left = bytes - 2;
  let rest = sized.length;
  for (const { name, value, around, size } of sized.toSorted((one, other) => one.size - other.size)) {
    // What is small is kept while there is room at all; what is large shares what is left.
    const share = Math.max(Math.floor(left / rest--), Math.min(left, worthKeeping)) - around;
    const part = size <= share ? value : fitJson(value, share, depth + 1);
    if (part === undefined) continue;
    kept.set(name, part);
    left -= around + (part === value ? size : jsonBytes(part));
  }
  return Object.fromEntries(
    sized.filter(({ name }) => kept.has(name)).map(({ name }) => [name, kept.get(name)]),
  );
}
