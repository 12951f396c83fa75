import { refuseField } from '../refuse.ts';
import { type AdministrationVerb, happened, nothingHappened } from './decision.ts';
import { unpublishedRefusal } from './platform.ts';

/** Takes an approval back: from here on no other organization sees the entry. */
export const withdrawPlatformEvent: AdministrationVerb<'withdrawPlatformEvent'> = (
  { sequence },
  { organizationId, facts },
) => {
  const refusal = unpublishedRefusal(organizationId);
  if (refusal !== null) return refusal;
  const entry = facts.entry(sequence);
  if (entry === undefined) return refuseField(['sequence'], 'There is no event of that sequence.');
  if (entry.published === null) return nothingHappened;
  return happened({
    type: 'PLATFORM_EVENT_WITHDRAWN',
    payload: { ofSequence: sequence, incidentId: entry.event.incident },
  });
};
