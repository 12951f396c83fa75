import {
  maintenanceEffects,
  type Recurrence as RecurrenceSource,
  type MaintenanceWindow as WindowSource,
  weekdays,
} from '../../domain/maintenance/maintenanceWindow.ts';
import { windowEnd } from '../../domain/maintenance/windowEnd.ts';
import { builder } from '../builder.ts';
import { Service } from '../catalogue/service.ts';
import { describedEnum } from '../enums.ts';

export const MaintenanceEffectEnum = describedEnum(
  'MaintenanceEffect',
  'What a maintenance window does.',
  maintenanceEffects,
  {
    SUPPRESS:
      'Signals, failed runs and syncs declare nothing and are counted, but for HIGH and CRITICAL errors; escalations wait until it ends.',
    HOLD_ESCALATIONS: 'Incidents are declared as ever; escalations wait until it ends.',
  },
);

export const WeekdayEnum = describedEnum('Weekday', 'A day of the week.', weekdays, {
  SUNDAY: 'Sunday.',
  MONDAY: 'Monday.',
  TUESDAY: 'Tuesday.',
  WEDNESDAY: 'Wednesday.',
  THURSDAY: 'Thursday.',
  FRIDAY: 'Friday.',
  SATURDAY: 'Saturday.',
});

const Recurrence = builder.objectRef<RecurrenceSource>('Recurrence').implement({
  description: 'When a maintenance window comes again.',
  fields: (t) => ({
    days: t.expose('days', { type: [WeekdayEnum], description: 'On these days.' }),
    startsAt: t.exposeString('startsAt', { description: "At this time of the zone's clocks, HH:MM." }),
    durationMinutes: t.exposeInt('durationMinutes', { description: 'For so many minutes.' }),
    timeZone: t.exposeString('timeZone', { description: 'The time zone, such as Europe/Paris.' }),
  }),
});

/** A maintenance window, as the policy has it. */
export const MaintenanceWindow = builder.objectRef<WindowSource>('MaintenanceWindow').implement({
  description: 'Planned work, and what it is about: all conditions must be met. SLAs go on.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, unique in the policy.' }),
    effect: t.expose('effect', { type: MaintenanceEffectEnum, description: 'What it does.' }),
    sources: t.exposeStringList('sources', {
      nullable: true,
      description: 'The source is like one of these; `*` stands for any text. Null: any.',
    }),
    environments: t.exposeStringList('environments', {
      nullable: true,
      description: 'The environment is like one of these; `*` stands for any text. Null: any.',
    }),
    services: t.field({
      type: [Service],
      nullable: true,
      description: 'The service is one of these. Null: any.',
      resolve: async ({ serviceIds }, _args, { loaders }) => {
        if (serviceIds === null) return null;
        const found = await Promise.all(serviceIds.map((id) => loaders.service.load(id)));
        // An alias shows what it was merged into, which may be there itself.
        return [
          ...new Map(found.flatMap((service) => (service === null ? [] : [[service.id, service]]))).values(),
        ];
      },
    }),
    from: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it begins; null when it comes again.',
      resolve: ({ once }) => once?.from ?? null,
    }),
    until: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ends; null when it comes again.',
      resolve: ({ once }) => once?.until ?? null,
    }),
    recurring: t.expose('recurring', {
      type: Recurrence,
      nullable: true,
      description: 'When it comes again; null when it comes once.',
    }),
    activeUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ends, if it is now; null when it is not.',
      resolve: (window, _args, { clock }) => windowEnd(window, clock.now()),
    }),
  }),
});
