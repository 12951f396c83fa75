import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
import './node/node.ts';
import './viewer/viewer.ts';
import './ledger/administrationEvents.ts';
import './ledger/ledgerHead.ts';
import './incident/asOf.ts';
import './incident/incidentQuery.ts';
import './incident/incidentType.ts';
import './incident/incidents.ts';
import './incident/mergeFields.ts';
import './event/deadlineEvents.ts';
import './event/detailEvents.ts';
import './event/unknownEvent.ts';
import './event/incidentEvents.ts';
import './event/lifecycleEvents.ts';
import './event/mergeEvents.ts';
import './event/signalEvents.ts';
import './signal/signals.ts';
import './signal/signalsByCorrelationKey.ts';
import './change/changes.ts';
import './reported/reportedErrors.ts';
import './run/runs.ts';
import './sync/incidentsByKeys.ts';
import './sync/syncedIncident.ts';
import './escalation/escalationPreview.ts';
import './member/members.ts';
import './invitation/invitations.ts';
import './catalogue/cataloguePages.ts';
import './apiKey/apiKeys.ts';
import './apiKey/previewMapping.ts';
import './bulkAction/actionWebhook.ts';
import './deadLetter/deadLetters.ts';
import './accessLog/accessLog.ts';
import './policy/policyQuery.ts';
import './policy/policyHistory.ts';
import './platform/platformTimeline.ts';
import './detection/lostSignals.ts';
import './detection/previewRules.ts';
import './gate/sessionGate.ts';
import './stats/incidentStats.ts';
import './mutation/mutations.ts';
import './subscription/subscriptions.ts';

/** The whole schema, every file above imported for what it adds. Made once, at start. */
export function buildSchema(): GraphQLSchema {
  return builder.toSchema();
}
