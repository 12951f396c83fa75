import { builder } from '../builder.ts';
import type { IncidentSource } from './incidentSource.ts';

/** An incident as it is now; its fields are in incidentType.ts and incidentState.ts. */
export const Incident = builder.objectRef<IncidentSource>('Incident');
