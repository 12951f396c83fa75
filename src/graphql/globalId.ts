import { decodeGlobalID, encodeGlobalID } from '@pothos/plugin-relay';
import { badUserInput } from './badUserInput.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether `text` can be compared with a uuid column; anything else names nothing. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** The id a client sees: base64 of `Type:id`. */
export function toGlobalId(typeName: string, id: string): string {
  return encodeGlobalID(typeName, id);
}

/** What a client's id says: its type's name and the id inside. @throws BAD_USER_INPUT when it is not a node id. */
export function readGlobalId(globalId: string): { typename: string; id: string } {
  try {
    return decodeGlobalID(globalId);
  } catch {
    throw badUserInput(`"${globalId.slice(0, 100)}" is not a node id.`);
  }
}

/**
 * The id inside a client's id when it is one of `typeName`, otherwise null: an id of another type, like one that does
 * not exist, names nothing. Ids of users are text; every other is a uuid, in lower case.
 */
export function idOf(typeName: string, globalId: string): string | null {
  let decoded: { typename: string; id: string };
  try {
    decoded = decodeGlobalID(globalId);
  } catch {
    return null;
  }
  if (decoded.typename !== typeName) return null;
  if (typeName === 'User') return decoded.id;
  return isUuid(decoded.id) ? decoded.id.toLowerCase() : null;
}

/** As {@link idOf}, for an argument that must be such an id. @throws BAD_USER_INPUT naming `argument`. */
export function requireIdOf(typeName: string, globalId: string, argument: string): string {
  const id = idOf(typeName, globalId);
  if (id === null) throw badUserInput(`${argument} must be the id of a ${typeName}.`);
  return id;
}
