import { describe, expect, it } from 'vitest';
import { heldUntil, suppressedBy } from '../../../src/domain/maintenance/inMaintenance.ts';
import type { MaintenanceWindow, Recurrence } from '../../../src/domain/maintenance/maintenanceWindow.ts';
import { weekdays } from '../../../src/domain/maintenance/maintenanceWindow.ts';
import { windowEnd } from '../../../src/domain/maintenance/windowEnd.ts';

const window = (over: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  name: 'window',
  effect: 'SUPPRESS',
  sources: null,
  environments: null,
  serviceIds: null,
  once: null,
  recurring: null,
  ...over,
});
const once = (from: string, until: string, over: Partial<MaintenanceWindow> = {}) =>
  window({ once: { from: `2026-03-${from}:00.000Z`, until: `2026-03-${until}:00.000Z` }, ...over });
const recurring = (over: Partial<Recurrence>) =>
  window({
    recurring: { days: weekdays, startsAt: '02:00', durationMinutes: 60, timeZone: 'UTC', ...over },
  });
const at = (instant: string) => `2026-${instant}:00.000Z`;
const subject = { source: 'prometheus', environment: 'production', serviceId: 'checkout' };

describe('a window that comes once', () => {
  it.each([
    ['03-01T09:59', null],
    ['03-01T10:00', '03-01T12:00'],
    ['03-01T11:59', '03-01T12:00'],
    ['03-01T12:00', null],
  ])('at %s: %s', (instant, end) => {
    const found = windowEnd(once('01T10:00', '01T12:00'), at(instant));
    expect(found).toBe(end === null ? null : at(end));
  });
});

describe('a window that comes again', () => {
  it.each<[string, Partial<Recurrence>, string, string | null]>([
    ['before it', {}, '03-01T01:59', null],
    ['as it begins', {}, '03-01T02:00', '03-01T03:00'],
    ['as it ends', {}, '03-01T03:00', null],
    ['on another day', { days: ['MONDAY'] }, '03-01T02:30', null],
    ['on its day', { days: ['SUNDAY'] }, '03-01T02:30', '03-01T03:00'],
    [
      'past midnight',
      { days: ['SATURDAY'], startsAt: '23:00', durationMinutes: 120 },
      '03-01T00:30',
      '03-01T01:00',
    ],
    ['days later', { days: ['MONDAY'], durationMinutes: 6 * 1_440 }, '03-07T12:00', '03-08T02:00'],
    ['where it overlaps itself', { durationMinutes: 2_880 }, '03-05T12:00', '03-07T02:00'],
    ['in a zone ahead', { timeZone: 'Asia/Tokyo' }, '03-01T17:30', '03-01T18:00'],
    [
      'in a zone ahead, on its own day',
      { timeZone: 'Asia/Tokyo', days: ['MONDAY'] },
      '03-01T17:30',
      '03-01T18:00',
    ],
    ['in a zone behind', { timeZone: 'America/New_York', days: ['SUNDAY'] }, '03-01T07:30', '03-01T08:00'],
    // Paris: +1 in winter, +2 from 2026-03-29T01:00Z to 2026-10-25T01:00Z.
    ['in winter time', { timeZone: 'Europe/Paris' }, '03-28T01:30', '03-28T02:00'],
    [
      'at a time that clocks skip',
      { timeZone: 'Europe/Paris', startsAt: '02:30' },
      '03-29T01:30',
      '03-29T02:30',
    ],
    [
      'not before a time that clocks skip',
      { timeZone: 'Europe/Paris', startsAt: '02:30' },
      '03-29T01:29',
      null,
    ],
    [
      'after clocks were turned that day',
      { timeZone: 'Europe/Paris', startsAt: '04:00' },
      '03-29T02:00',
      '03-29T03:00',
    ],
    ['in summer time', { timeZone: 'Europe/Paris' }, '07-01T00:00', '07-01T01:00'],
    [
      'at a time that clocks show twice',
      { timeZone: 'Europe/Paris', startsAt: '02:30' },
      '10-25T00:30',
      '10-25T01:30',
    ],
    ['and not the second time', { timeZone: 'Europe/Paris', startsAt: '02:30' }, '10-25T01:30', null],
    [
      'after clocks were turned back',
      { timeZone: 'Europe/Paris', startsAt: '03:30' },
      '10-25T02:30',
      '10-25T03:30',
    ],
  ])('%s', (_name, recurrence, instant, end) => {
    const found = windowEnd(recurring(recurrence), at(instant));
    expect(found).toBe(end === null ? null : at(end));
  });
});

describe('what is in maintenance', () => {
  const now = at('03-01T11:00');
  it.each<[string, Partial<MaintenanceWindow>, boolean]>([
    ['everything', {}, true],
    ['its source', { sources: ['prom*'] }, true],
    ['another source', { sources: ['grafana'] }, false],
    ['its environment', { environments: ['PRODUCTION'] }, true],
    ['another environment', { environments: ['staging'] }, false],
    ['its service', { serviceIds: ['other', 'checkout'] }, true],
    ['another service', { serviceIds: ['other'] }, false],
    ['all but one', { sources: ['*'], environments: ['*'], serviceIds: ['other'] }, false],
  ])('%s', (_name, over, isAbout) => {
    const windows = [once('01T10:00', '01T12:00', over)];
    expect(suppressedBy(windows, subject, now) !== null).toBe(isAbout);
    expect(heldUntil(windows, subject, now)).toBe(isAbout ? at('03-01T12:00') : now);
  });

  it('declares where a window only holds escalations', () => {
    const windows = [once('01T10:00', '01T12:00', { effect: 'HOLD_ESCALATIONS' })];
    expect(suppressedBy(windows, subject, now)).toBeNull();
    expect(heldUntil(windows, subject, now)).toBe(at('03-01T12:00'));
  });

  it('is held from one window to the next, but no longer than 31 days', () => {
    const windows = [
      once('01T11:30', '01T13:00'),
      once('01T10:00', '01T12:00'),
      once('01T12:30', '01T14:00'),
    ];
    expect(heldUntil(windows, subject, now)).toBe(at('03-01T14:00'));
    expect(heldUntil([recurring({ durationMinutes: 1_440 })], subject, now)).toBe(at('04-01T11:00'));
  });

  it('is held quickly, however many windows follow each other', () => {
    const tiles = Array.from({ length: 50 }, (_, index) => {
      const minutes = index * 29;
      const startsAt = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
      const timeZone = index % 2 === 0 ? 'UTC' : 'Africa/Abidjan';
      return recurring({ startsAt, durationMinutes: 29, timeZone });
    });
    const began = performance.now();
    for (let rule = 0; rule < 20; rule += 1)
      expect(heldUntil(tiles, subject, at('03-01T11:00'))).toBe(at('04-01T11:00'));
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
