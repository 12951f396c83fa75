/** Whether this is a UUID in its usual text form; anything else names nothing in the database. */
export function isUuid(id: string | null | undefined): id is string {
  return id != null && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(id);
}
