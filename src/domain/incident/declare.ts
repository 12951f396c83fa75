import { InputCheck } from '../inputCheck.ts';
import type { DeclareInput } from './commands.ts';
import type { DecideContext } from './decision.ts';
import { limits } from './limits.ts';
import { type Naming, namingFor } from './naming.ts';
import type { ExternalRef, IncidentState } from './state.ts';
import { agreed, type FactsOrRefusal } from './verb.ts';

/**
 * Declares an incident. `dedupKeys` are the keys it holds until it is resolved or cancelled (a connector's); `naming`
 * is given by a caller whose later events in the same command use names too.
 */
export function declare(
  input: DeclareInput,
  _state: IncidentState | null,
  context: DecideContext,
  dedupKeys: readonly string[] = [],
  naming: Naming = namingFor(context),
): FactsOrRefusal {
  const check = new InputCheck();
  const fields = {
    title: check.text('title', input.title, limits.title),
    description: check.document('description', input.description ?? '', { min: 0, max: limits.description }),
    severity: input.severity,
    mode: input.mode ?? 'STANDARD',
    type: check.optionalText('type', input.type, limits.name),
    impact: check.optionalText('impact', input.impact, limits.impact),
    environment: check.optionalText('environment', input.environment, limits.name),
    serviceId: null as string | null,
    projectId: null as string | null,
    ownerTeamId: null as string | null,
    source: check.optionalText('source', input.source, limits.name) ?? 'manual',
    tags: check.texts('tags', input.tags, limits.tag),
    correlationKeys: check.texts('correlationKeys', input.correlationKeys, limits.key),
    runbook: check.optionalText('runbook', input.runbook, limits.reference),
    externalRefs: check.list('externalRefs', input.externalRefs, (path, ref) =>
      externalRef(check, path, ref),
    ),
    detectedAt: check.optionalPastInstant('detectedAt', input.detectedAt, context.at) ?? context.at,
    startedAt: check.optionalPastInstant('startedAt', input.startedAt, context.at),
    dedupKeys: [...dedupKeys],
  };
  const service = check.optionalText('service', input.service, limits.name);
  const project = check.optionalText('project', input.project, limits.name);
  const ownerTeam = check.optionalText('ownerTeam', input.ownerTeam, limits.name);
  const attachedSignalIds = waitingSignals(check, input.signalIds, context);
  if (check.refusal !== null) return check.refusal;
  fields.serviceId = naming.idOrNull('SERVICE', service);
  fields.projectId = naming.idOrNull('PROJECT', project);
  fields.ownerTeamId = naming.idOrNull('TEAM', ownerTeam);
  return agreed({
    type: 'INCIDENT_CREATED',
    payload: {
      ...fields,
      ...(attachedSignalIds.length > 0 ? { attachedSignalIds } : null),
      ...naming.made(),
    },
  });
}

function externalRef(check: InputCheck, path: readonly string[], ref: ExternalRef): ExternalRef {
  return {
    system: check.text([...path, 'system'], ref.system, limits.name),
    id: check.text([...path, 'id'], ref.id, limits.key),
    url: ref.url == null ? null : check.url([...path, 'url'], ref.url, limits.reference),
  };
}

/** Signals that exist and belong to no incident yet, each once. */
function waitingSignals(
  check: InputCheck,
  signalIds: readonly string[] | null | undefined,
  context: DecideContext,
): readonly string[] {
  const ids = check.list('signalIds', signalIds, (path, signalId) => {
    const signal = context.facts.signal(signalId);
    if (signal === undefined) check.note(path, 'There is no such signal.');
    else if (signal.incidentId !== null) check.note(path, 'This signal belongs to an incident already.');
    return signalId;
  });
  return [...new Set(ids)];
}
