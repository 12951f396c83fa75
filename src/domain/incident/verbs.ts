import { acknowledge } from './acknowledge.ts';
import { addAction } from './addAction.ts';
import { addNote } from './addNote.ts';
import { addTag } from './addTag.ts';
import { assign } from './assign.ts';
import { assignRole } from './assignRole.ts';
import { attachSignal } from './attachSignal.ts';
import { cancel } from './cancel.ts';
import { cancelBulkAction } from './cancelBulkAction.ts';
import { changeSeverity } from './changeSeverity.ts';
import { changeStatus } from './changeStatus.ts';
import { close } from './close.ts';
import type { IncidentCommandName } from './commands.ts';
import { declare } from './declare.ts';
import { editNotes } from './editNotes.ts';
import { escalate } from './escalate.ts';
import { finishBulkAction } from './finishBulkAction.ts';
import { fireDeadlines } from './fireDeadlines.ts';
import { linkTicket } from './linkTicket.ts';
import { merge } from './merge.ts';
import { receiveSignals } from './receiveSignals.ts';
import { recordRootCause } from './recordRootCause.ts';
import { recordSloViolation } from './recordSloViolation.ts';
import { removeTag } from './removeTag.ts';
import { reopen } from './reopen.ts';
import { replan } from './replan.ts';
import { reportErrors } from './reportErrors.ts';
import { reportRuns } from './reportRuns.ts';
import { resolve } from './resolve.ts';
import { runBulkAction } from './runBulkAction.ts';
import { setAffectedServices } from './setAffectedServices.ts';
import { setVisibility } from './setVisibility.ts';
import { snooze } from './snooze.ts';
import { splitSignal } from './splitSignal.ts';
import { syncIncidents } from './syncIncidents.ts';
import type { Window } from './transitions.ts';
import { unacknowledge } from './unacknowledge.ts';
import { unlinkTicket } from './unlinkTicket.ts';
import { update } from './update.ts';
import type { IncidentVerb, OpeningVerb } from './verb.ts';
import { verifyRootCause } from './verifyRootCause.ts';

/** Every command and the verb that decides it. */
export const verbs: {
  readonly [N in IncidentCommandName]: N extends
    | 'declareIncident'
    | 'receiveSignals'
    | 'reportErrors'
    | 'reportRuns'
    | 'syncIncidents'
    ? OpeningVerb<N>
    : IncidentVerb<N>;
} = {
  declareIncident: declare,
  updateIncident: update,
  acknowledgeIncident: acknowledge,
  unacknowledgeIncident: unacknowledge,
  snoozeIncident: snooze,
  changeIncidentStatus: changeStatus,
  changeIncidentSeverity: changeSeverity,
  recordRootCause,
  verifyRootCause,
  resolveIncident: resolve,
  closeIncident: close,
  cancelIncident: cancel,
  reopenIncident: reopen,
  mergeIncidents: merge,
  splitSignal,
  assignIncident: assign,
  assignIncidentRole: assignRole,
  addIncidentNote: addNote,
  editIncidentNotes: editNotes,
  setTimelineVisibility: setVisibility,
  addIncidentTag: addTag,
  removeIncidentTag: removeTag,
  linkIncidentTicket: linkTicket,
  unlinkIncidentTicket: unlinkTicket,
  setAffectedServices,
  addIncidentAction: addAction,
  runBulkAction,
  cancelBulkAction,
  finishBulkAction,
  attachSignal,
  recordSloViolation,
  escalateIncident: escalate,
  receiveSignals,
  reportErrors,
  reportRuns,
  syncIncidents,
  fireDeadlines,
  replanIncident: replan,
};

/**
 * Until when a command is possible, for those whose verb has no more to say about the status. Source: rules.md,
 * Status, "All other commands".
 */
export const windows: Partial<
  Readonly<Record<IncidentCommandName, { readonly until: Window; readonly what: string }>>
> = {
  updateIncident: { until: 'UNTIL_FINAL', what: 'editing it' },
  assignIncident: { until: 'UNTIL_FINAL', what: 'assigning it' },
  assignIncidentRole: { until: 'UNTIL_FINAL', what: 'assigning a role on it' },
  setAffectedServices: { until: 'UNTIL_FINAL', what: 'changing its affected services' },
  attachSignal: { until: 'UNTIL_FINAL', what: 'attaching a signal' },
  recordSloViolation: { until: 'UNTIL_FINAL', what: 'recording an SLO violation' },
  verifyRootCause: { until: 'UNTIL_FINAL', what: 'verifying its root cause' },
  escalateIncident: { until: 'OPEN', what: 'escalating it' },
  snoozeIncident: { until: 'OPEN', what: 'snoozing it' },
  splitSignal: { until: 'OPEN', what: 'splitting a signal off' },
};
