import { builder } from '../builder.ts';
import { idOf } from '../globalId.ts';
import { policyMutation } from '../mutation/policyMutation.ts';
import { MaintenanceEffectEnum, WeekdayEnum } from './maintenanceWindow.ts';

const RecurrenceInput = builder.inputType('RecurrenceInput', {
  description: 'When a maintenance window comes again.',
  fields: (t) => ({
    days: t.field({
      type: [WeekdayEnum],
      required: true,
      description: 'On these days; all seven for daily.',
    }),
    startsAt: t.string({ required: true, description: "At this time of the zone's clocks, HH:MM." }),
    durationMinutes: t.int({ required: true, description: 'For so many minutes, 1–10,080.' }),
    timeZone: t.string({ required: true, description: 'The time zone, such as Europe/Paris or UTC.' }),
  }),
});

const MaintenanceWindowInput = builder.inputType('MaintenanceWindowInput', {
  description:
    'Planned work, and what it is about: all conditions given must be met. Give from and until, or recurring.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name, 1–80 characters, unique in the policy.' }),
    effect: t.field({ type: MaintenanceEffectEnum, required: true, description: 'What it does.' }),
    sources: t.stringList({
      description: 'The source is like one of these; `*` stands for any text. At most 20. Absent: any.',
    }),
    environments: t.stringList({
      description: 'The environment is like one of these; `*` stands for any text. At most 20. Absent: any.',
    }),
    serviceIds: t.idList({
      description: 'The service is one of these: their `id`. At most 50. Absent: any.',
    }),
    from: t.field({ type: 'DateTime', description: 'When it begins.' }),
    until: t.field({ type: 'DateTime', description: 'When it ends, at most 366 days later.' }),
    recurring: t.field({ type: RecurrenceInput, description: 'When it comes again.' }),
  }),
});

policyMutation('setMaintenanceWindows', {
  description:
    'Replaces the maintenance windows. Each is judged when something would happen: a signal in it declares nothing, an escalation that falls due in it waits until it ends. Open incidents are planned anew.',
  fields: (t) => ({
    windows: t.field({
      type: [MaintenanceWindowInput],
      required: true,
      description: 'Every window there is to be; at most 50.',
    }),
  }),
  command: ({ windows }) => ({
    // An id of another kind is of no service.
    windows: windows.map((window) => ({
      ...window,
      serviceIds: (window.serviceIds ?? []).map((id) => idOf('Service', String(id)) ?? ''),
    })),
  }),
});
