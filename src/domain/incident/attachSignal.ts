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

/** A signal's fields as the domain keeps them, noting in `check` what does not fit; `path` leads to the signal. */
export function checkedSignal(
  check: InputCheck,
  input: SignalInput,
  context: DecideContext,
  path: readonly string[] = [],
) {
  const { data } = input;
  const optional = (field: TextField, max: number) => check.optionalText([...path, field], input[field], max);
  if (data != null && data.json.length > dataLimit) {
    const message = `At most ${dataLimit} characters of JSON are allowed; these are ${data.json.length}.`;
    check.note([...path, 'data'], message);
  }
  return {
    fields: {
      signalType: input.type,
      source: check.text([...path, 'source'], input.source, limits.name),
      environment: optional('environment', limits.name),
      summary: check.text([...path, 'summary'], input.summary, limits.signalSummary),
      severity: optional('severity', limits.name),
      fingerprint: optional('fingerprint', limits.key),
      correlationKey: optional('correlationKey', limits.key),
      traceId: optional('traceId', limits.key),
      observedAt: input.at == null ? context.at : check.pastInstant([...path, 'at'], input.at, context.at),
    },
    service: optional('service', limits.name),
    project: optional('project', limits.name),
    data,
  };
}

type TextField =
  | 'environment'
  | 'severity'
  | 'fingerprint'
  | 'correlationKey'
  | 'traceId'
  | 'service'
  | 'project';
