import type { MappingPreview, PreviewedAlert } from '../../app/mappings.ts';
import { mappingLimit } from '../../domain/administration/setIngestConfiguration.ts';
import { authorizeRead } from '../authorizeRead.ts';
import { badUserInput } from '../badUserInput.ts';
import { builder } from '../builder.ts';
import { describedEnum, IncidentSeverityEnum } from '../enums.ts';
import { FieldError } from '../error/refusalTypes.ts';

/** The longest body a mapping is tried out on, in UTF-16 units. */
const bodyLimit = 262_144;

const AlertEffectEnum = describedEnum(
  'AlertEffect',
  'What an alert does.',
  ['FIRE', 'ACKNOWLEDGE', 'RESOLVE'] as const,
  {
    FIRE: 'It opens an incident, or joins the one that its key holds.',
    ACKNOWLEDGE: 'It acknowledges the incident that its key holds.',
    RESOLVE: 'It clears the incident that its key holds.',
  },
);

const PreviewedAlertType = builder.objectRef<PreviewedAlert>('PreviewedAlert').implement({
  description: 'What one alert of a body would do.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'What its incident is found again by, within the API key.' }),
    does: t.expose('does', { type: AlertEffectEnum, description: 'What it does.' }),
    title: t.exposeString('title', { description: 'The title of an incident it opens.' }),
    severity: t.expose('severity', {
      type: IncidentSeverityEnum,
      description: 'How severe it is, by a key that maps no severities.',
    }),
    service: t.exposeString('service', { nullable: true, description: 'The service it names.' }),
    environment: t.exposeString('environment', { nullable: true, description: 'The environment it names.' }),
    project: t.exposeString('project', { nullable: true, description: 'The project it names.' }),
  }),
});

const MappingPreviewType = builder.objectRef<MappingPreview>('MappingPreview').implement({
  description: 'What a mapping makes of a body. Nothing is written.',
  fields: (t) => ({
    alerts: t.field({
      type: [PreviewedAlertType],
      description: 'The alerts, in order; empty when there is a problem, or nothing to be done.',
      resolve: ({ alerts }) => alerts,
    }),
    problems: t.field({
      type: [FieldError],
      description:
        'What a sender would be told with 400: where in what the mapping made, and what is expected.',
      resolve: ({ problems }) => problems,
    }),
  }),
});

builder.queryField('previewMapping', (t) =>
  t.field({
    type: MappingPreviewType,
    description: 'Tries a mapping of generic JSON out on a body, and writes nothing. For administrators.',
    args: {
      mapping: t.arg.string({
        required: true,
        description: 'The JSONata expression, at most 8,192 characters.',
      }),
      body: t.arg.string({
        required: true,
        description: 'The body as it would come: JSON text, at most 262,144 characters.',
      }),
    },
    resolve: (_root, { mapping, body }, context) => {
      authorizeRead('previewMapping', context);
      if (mapping.length > mappingLimit)
        throw badUserInput(`mapping has at most ${mappingLimit} characters.`);
      if (body.length > bodyLimit) throw badUserInput(`body has at most ${bodyLimit} characters.`);
      return context.mappings.preview(mapping, body, context.principal.organizationId);
    },
  }),
);
