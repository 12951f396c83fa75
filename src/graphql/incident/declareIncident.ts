import type { DeclareInput } from '../../domain/incident/commands.ts';
import { limits } from '../../domain/incident/limits.ts';
import { builder } from '../builder.ts';
import { IncidentModeEnum, IncidentSeverityEnum } from '../enums.ts';
import { idOf } from '../globalId.ts';
import { handleIncidentCommand } from '../mutation/handleIncidentCommand.ts';
import { idempotencyKeyDescription } from '../mutation/idempotency.ts';
import { absentId } from '../mutation/incidentMutation.ts';
import { incidentResult } from '../mutation/incidentResult.ts';
import { declareErrors } from '../mutation/result.ts';
import { upTo } from '../mutation/upTo.ts';

const ExternalRefInput = builder.inputType('ExternalRefInput', {
  description: 'What another system calls this incident.',
  fields: (t) => ({
    system: t.string({ required: true, description: `The system, e.g. \`pagerduty\`. ${upTo(limits.name)}` }),
    id: t.string({ required: true, description: `Its id there. ${upTo(limits.key)}` }),
    url: t.field({ type: 'URL', description: 'Where it is there.' }),
  }),
});

const DeclareIncidentInput = builder.inputType('DeclareIncidentInput', {
  description: 'What `declareIncident` needs: a title and a severity; everything else may come later.',
  fields: (t) => ({
    title: t.string({ required: true, description: `What is wrong. ${upTo(limits.title)}` }),
    description: t.string({ description: `Everything worth knowing. ${upTo(limits.description)}` }),
    severity: t.field({ type: IncidentSeverityEnum, required: true, description: 'How bad it is.' }),
    mode: t.field({ type: IncidentModeEnum, description: 'DRILL for an exercise. Default STANDARD.' }),
    type: t.string({
      description: `Classification: memory, disk, upload, deploy, dependency, network, … ${upTo(limits.name)}`,
    }),
    impact: t.string({ description: `What it means to those who are affected. ${upTo(limits.impact)}` }),
    environment: t.string({ description: `Where: production, staging, … ${upTo(limits.name)}` }),
    service: t.string({ description: `Name of the service; a new name makes it. ${upTo(limits.name)}` }),
    project: t.string({ description: `Name of the project; a new name makes it. ${upTo(limits.name)}` }),
    ownerTeam: t.string({
      description: `Name of the team that owns it; a new name makes it. ${upTo(limits.name)}`,
    }),
    source: t.string({ description: `Where it comes from. Default \`manual\`. ${upTo(limits.name)}` }),
    tags: t.stringList({ description: 'At most 50.' }),
    correlationKeys: t.stringList({
      description: 'What it has in common with signals and other incidents; at most 50.',
    }),
    runbook: t.string({ description: `A path or URL. ${upTo(limits.reference)}` }),
    signalIds: t.idList({
      description: 'Signals it is about, at most 50: each the `id` of one that belongs to no incident yet.',
    }),
    externalRefs: t.field({
      type: [ExternalRefInput],
      description: 'What other systems call it; at most 50.',
    }),
    detectedAt: t.field({
      type: 'DateTime',
      description: 'When it was noticed; SLAs count from here. Default now; at most 5 minutes ahead.',
    }),
    startedAt: t.field({ type: 'DateTime', description: 'When the impact began; at most 5 minutes ahead.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

builder.mutationField('declareIncident', (t) =>
  t.field({
    type: incidentResult('declareIncident', declareErrors),
    nullable: true,
    description:
      'Declares an incident. It gets the next number, its SLAs start, and whoever must know is told.',
    args: { input: t.arg({ type: DeclareIncidentInput, required: true, description: 'What is wrong.' }) },
    resolve: (_root, args, context) => {
      const { idempotencyKey, ...rest } = args.input;
      const signalIds = rest.signalIds?.map((id) => idOf('Signal', id) ?? absentId);
      const externalRefs = rest.externalRefs?.map((ref) => ({ ...ref, url: ref.url ?? null }));
      const input = {
        ...rest,
        ...(signalIds && { signalIds }),
        ...(externalRefs && { externalRefs }),
      } as DeclareInput;
      return handleIncidentCommand(
        context,
        { name: 'declareIncident', input },
        { by: 'new' },
        { input: rest, key: idempotencyKey },
      );
    },
  }),
);
