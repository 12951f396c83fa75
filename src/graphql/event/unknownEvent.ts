import { builder } from '../builder.ts';
import { nodeOf } from './eventNode.ts';
import { type IncidentEventSource, unknownTypeName } from './eventSource.ts';

builder.node(
  builder.objectRef<IncidentEventSource>(unknownTypeName),
  nodeOf(
    unknownTypeName,
    'Something happened to an incident that only a newer version of Warroom understands: `typeName` and `payload` say what it wrote. What the incident was from there on (`snapshot`, `asOf`) is refused with SERVER_OUTDATED.',
  ),
);
