import type { Principal } from '../../src/domain/access/principal.ts';
import { toGlobalId } from '../../src/graphql/globalId.ts';
import { mutate } from '../support/mutate.ts';
import type { TestApi } from '../support/testApi.ts';

/** How many organizations were filled: catalogued names are there once, and some are filled twice. */
let filled = 0;

/** Fills an organization with one of everything, each text holding `word`; answers the id of an open incident. */
export async function fillOrganization(
  api: TestApi,
  principal: Principal,
  userId: string,
  marked: string,
): Promise<string> {
  filled += 1;
  const word = `${marked}-${filled}`;
  const send = async (name: string, input: Record<string, unknown>) => {
    const answer = await mutate(api, principal, name, input);
    if (!answer.__typename.endsWith('Payload')) throw new Error(`${name}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const declared = await send('declareIncident', {
    title: `title ${word}`,
    description: `description ${word}`,
    severity: 'SEV1',
    impact: `impact ${word}`,
    environment: `environment ${word}`,
    type: `type ${word}`,
    source: `source ${word}`,
    service: `service ${word}`,
    project: `project ${word}`,
    ownerTeam: `team ${word}`,
    tags: [`tag ${word}`],
    correlationKeys: [`shared-key`, `key ${word}`],
    runbook: `runbook ${word}`,
    externalRefs: [{ system: `system ${word}`, id: word, url: `https://example.org/${word}` }],
    detectedAt: new Date(Date.parse(api.clock.now()) - 3_600_000).toISOString(),
  });
  const incidentId = declared.incident?.id;
  const person = toGlobalId('User', userId);
  await send('attachSignal', {
    incidentId,
    type: 'ALERT',
    source: `source ${word}`,
    summary: `summary ${word}`,
    data: { word },
    correlationKey: 'shared-key',
    traceId: `trace ${word}`,
    fingerprint: `fingerprint ${word}`,
  });
  await send('acknowledgeIncident', { incidentId, note: `note ${word}` });
  await send('assignIncident', { incidentId, userId: person });
  await send('assignIncidentRole', { incidentId, role: 'COMMANDER', userId: person });
  await send('addIncidentNote', { incidentId, message: `message ${word}`, isPublic: true });
  await send('editIncidentNotes', { incidentId, notes: `notes ${word}` });
  await send('linkIncidentTicket', { incidentId, url: `https://example.org/${word}`, key: word });
  await send('setAffectedServices', {
    incidentId,
    services: [{ name: `other ${word}`, impact: 'DEGRADED' }],
  });
  await send('addIncidentAction', { incidentId, kind: 'COMMAND', label: `label ${word}`, details: word });
  await send('recordSloViolation', {
    incidentId,
    sloId: `slo ${word}`,
    windowStart: '2026-03-01T00:00:00Z',
    windowEnd: '2026-03-01T01:00:00Z',
    errorBudgetConsumed: 0.5,
    thresholdBreached: 0.9,
    details: { word },
  });
  await send('escalateIncident', { incidentId, target: 'DIRECTOR', note: `note ${word}` });
  const summary = { summary: `cause ${word}`, category: 'CONFIGURATION', remediationSteps: `steps ${word}` };
  await send('recordRootCause', { incidentId, ...summary });
  await send('resolveIncident', {
    incidentId,
    summary: `resolution ${word}`,
    followUps: [`follow-up ${word}`],
  });
  await send('createApiKey', { name: `key ${word}`, role: 'VIEWER', scopes: ['READ'] });
  const { team } = await send('createTeam', { name: `more ${word}`, slackChannel: `#${word}` });
  await send('addTeamMember', { teamId: (team as { id: string }).id, userId: person });
  const details = { ownerTeam: `more ${word}`, runbook: `runbook ${word}` };
  const { service } = await send('createService', { name: `catalogued ${word}`, ...details });
  const { service: alias } = await send('createService', { name: `alias ${word}` });
  const merging = { serviceId: (alias as { id: string }).id, intoServiceId: (service as { id: string }).id };
  await send('mergeServices', merging);
  await send('createProject', { name: `more ${word}` });
  await send('inviteMember', { email: `${word}@example.org`, role: 'VIEWER' });
  await send('renameOrganization', { name: `name ${word}` });
  const second = { title: `second ${word}`, severity: 'SEV2', correlationKeys: ['shared-key'] };
  return (await send('declareIncident', second)).incident?.id as string;
}
