// From the hours and days of a scenario to one list of times, which comes again and again.

import type { RateHours, StreamPlan } from '../streams/schedule.ts';
import type { DaySpec, Scenario } from './files/scenario.ts';

/** What holds from a time on. */
export interface TimetableSpan {
  readonly startSeconds: number;
  readonly name: string;
  /** By label of event, and for backgrounds: times their rates and shares. */
  readonly events: (label: string) => number;
  readonly background: number;
  readonly temperature: number | null;
  /** Null: the run's. */
  readonly powerProfile: string | null;
  readonly plugged: boolean;
}

export interface Timetable {
  readonly periodSeconds: number;
  readonly spans: readonly TimetableSpan[];
}

const DAY = 86_400;
const WEEKDAYS = 5;
const WEEK = 7;

/** A week where weekends differ, else a day; null when every hour is like the other. */
export function timetableOf({ day, temperature }: Pick<Scenario, 'day' | 'temperature'>): Timetable | null {
  if (day === undefined) {
    if (temperature === undefined) return null;
    const always = {
      startSeconds: 0,
      name: 'always',
      events: () => 1,
      background: 1,
      powerProfile: null,
      plugged: false,
    };
    return { periodSeconds: DAY, spans: [{ ...always, temperature }] };
  }
  const days = day.weekend === undefined ? 1 : WEEK;
  const spans = Array.from({ length: days }, (_, number) => {
    const plan = number < WEEKDAYS ? day.weekday : (day.weekend ?? day.weekday);
    return Object.entries(plan)
      .map(([time, name]) => span(number * DAY + secondsOf(time), name, day, temperature ?? null))
      .sort((a, b) => a.startSeconds - b.startSeconds);
  });
  return { periodSeconds: days * DAY, spans: spans.flat() };
}

/** What streams need of it; null where their rates never change. */
export function rateHours(timetable: Timetable | null, plan: Pick<StreamPlan, 'events'>): RateHours | null {
  if (timetable === null) return null;
  const spans = timetable.spans.map(({ startSeconds, background, events }) => ({
    startSeconds,
    background,
    events: plan.events.map(({ label }) => events(label)),
  }));
  const alike = spans.every(({ background, events }) => background === 1 && events.every((factor) => factor === 1));
  return alike ? null : { periodSeconds: timetable.periodSeconds, spans };
}

function span(startSeconds: number, name: string, day: DaySpec, temperature: number | null): TimetableSpan {
  const hours = day.hours[name];
  const factors = hours.events ?? 1;
  return {
    startSeconds,
    name,
    events: (label) => (typeof factors === 'number' ? factors : (factors[label] ?? 1)),
    background: hours.background ?? 1,
    temperature: hours.temperature ?? temperature,
    powerProfile: hours.powerProfile ?? null,
    plugged: hours.plugged,
  };
}

const secondsOf = (time: string): number => {
  const [hours, minutes] = time.split(':').map(Number);
  return hours * 3600 + minutes * 60;
};
