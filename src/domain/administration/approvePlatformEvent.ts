import { limits } from '../incident/limits.ts';
import { InputCheck } from '../inputCheck.ts';
import { type AdministrationVerb, happened, nothingHappened } from './decision.ts';
import { unpublishedRefusal } from './platform.ts';
import { publicText } from './publicText.ts';

/**
 * Shows a proposed entry of the platform's timeline to every organization, as it is written down here: what is approved
 * is a text, not an entry, so nothing that is said later shows with it. Source: rules.md, Status.
 */
export const approvePlatformEvent: AdministrationVerb<'approvePlatformEvent'> = (input, context) => {
  const { organizationId, facts } = context;
  const refusal = unpublishedRefusal(organizationId);
  if (refusal !== null) return refusal;
  const check = new InputCheck();
  const own = check.optionalText('message', input.message, limits.message);
  const entry = facts.entry(input.sequence);
  if (entry === undefined) check.note('sequence', 'There is no event of that sequence.');
  else if (entry.mode === 'DRILL') check.note('sequence', 'It is of a drill: drills are not published.');
  else if (!entry.isPublic) {
    check.note('sequence', 'It is internal: propose it for the status page first (setTimelineVisibility).');
  }
  const message = own ?? (entry && publicText(entry.event)) ?? '';
  if (entry !== undefined && message === '' && check.refusal === null) {
    check.note('message', 'An event of this type has no words for everybody: say what is to be published.');
  }
  if (check.refusal !== null || entry === undefined) return check.refusal ?? nothingHappened;
  const { event, title, published } = entry;
  if (published?.message === message && published.title === title) return nothingHappened;
  return happened({
    type: 'PLATFORM_EVENT_APPROVED',
    payload: {
      ofSequence: input.sequence,
      incidentId: event.incident,
      message,
      title,
      severity: event.severity,
      status: event.statusAfter,
      at: event.at,
    },
  });
};
