import { type ShownEntry, timelineCursor } from '../../store/read/incidentTimelines.ts';
import type { Slice, Window } from '../../store/read/slice.ts';
import { builder } from '../builder.ts';
import { type Connection, connectionOf } from '../page.ts';
import { IncidentEvent } from './incidentEvent.ts';

/** A page of events of incidents. */
export const IncidentEventConnection = builder.connectionObject({
  type: IncidentEvent,
  name: 'IncidentEventConnection',
  description: 'A page of what happened to incidents, oldest first.',
});

/** A page of one incident's timeline. */
export function timelineConnection(
  window: Window,
  read: Promise<Slice<ShownEntry>>,
): Promise<Connection<ShownEntry>> {
  return connectionOf(window, read, timelineCursor, (shown) => shown);
}
