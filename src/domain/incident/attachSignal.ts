import { InputCheck } from '../inputCheck.ts';
import type { SignalInput } from './commands.ts';
import type { DecideContext } from './decision.ts';
import { limits } from './limits.ts';
import { namingFor } from './naming.ts';
import { listLimit } from './state.ts';
import type { IncidentVerb } from './verb.ts';

/**
 * Attaches a signal. A repeat of an open one (same fingerprint, this incident) raises its count and writes no event.
 * Its correlation key joins the incident's, up to 50; beyond, it stays on the signal only.
 */
export const attachSignal: IncidentVerb<'attachSignal'> = (input, state, context) => {
  const check = new InputCheck();
  const signal = checkedSignal(check, input, context);
  if (check.refusal !== null) return check.refusal;
  const { fields, service, project, data } = signal;
  const repeated = fields.fingerprint === null ? undefined : context.facts.openSignal(fields.fingerprint);
  if (repeated !== undefined) {
    return { ok: true, facts: [], signalRepeats: [{ signalId: repeated, at: fields.observedAt }] };
  }
  const key = fields.correlationKey;
  const keyJoined =
    key !== null && (state.correlationKeys.includes(key) || state.correlationKeys.length < listLimit);
  const naming = namingFor(context);
  const signalId = context.newId();
  const payload = {
    signalId,
    ...fields,
    serviceId: naming.idOrNull('SERVICE', service),
    projectId: naming.idOrNull('PROJECT', project),
    dataDigest: data?.digest ?? null,
    // Only a connector's signal is one that will be cleared.
    firing: false,
    keyJoined,
    ...naming.made(),
  };
  return {
    ok: true,
    facts: [{ type: 'INCIDENT_SIGNAL_INGESTED', payload }],
    signalData: data == null ? [] : [{ signalId, json: data.json }],
  };
};

/** The largest data of a signal, in UTF-16 units. */
const dataLimit = 262_144;

function checkedSignal(check: InputCheck, input: SignalInput, context: DecideContext) {
  const { data } = input;
  if (data != null && data.json.length > dataLimit) {
    check.note('data', `At most ${dataLimit} characters of JSON are allowed; these are ${data.json.length}.`);
  }
  return {
    fields: {
      signalType: input.type,
      source: check.text('source', input.source, limits.name),
      environment: check.optionalText('environment', input.environment, limits.name),
      summary: check.text('summary', input.summary, limits.signalSummary),
      severity: check.optionalText('severity', input.severity, limits.name),
      fingerprint: check.optionalText('fingerprint', input.fingerprint, limits.key),
      correlationKey: check.optionalText('correlationKey', input.correlationKey, limits.key),
      traceId: check.optionalText('traceId', input.traceId, limits.key),
      observedAt: check.optionalPastInstant('at', input.at, context.at) ?? context.at,
    },
    service: check.optionalText('service', input.service, limits.name),
    project: check.optionalText('project', input.project, limits.name),
    data,
  };
}
