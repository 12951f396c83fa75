import type { AdministrationVerb } from './decision.ts';
import { policyChange } from './policyChange.ts';

/** Sets what the access log keeps beyond administration. */
export const setAccessLogPolicy: AdministrationVerb<'setAccessLogPolicy'> = (
  { logIncidentReads },
  { policy },
) => policyChange('ACCESS_LOG', policy, { accessLog: { logIncidentReads } });
