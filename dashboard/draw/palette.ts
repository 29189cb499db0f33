// What a colour stands for, as CSS: the same core, state, rail or verdict looks the same wherever it appears.

import type { CoreKind } from '../../server/runs/report/report.ts';
import type { RunLayout, Verdict } from '../../server/runs/views.ts';

export const coreColour: Readonly<Record<CoreKind, string>> = {
  dsp: 'var(--dsp)',
  'low-power': 'var(--low-power)',
  application: 'var(--application)',
};

export const verdictColour: Readonly<Record<Verdict['kind'], string>> = {
  'true-positive': 'var(--hit)',
  miss: 'var(--miss)',
  'false-accept': 'var(--false-accept)',
};

const AWAKE = new Set(['active', 'transition', 'boot']);

/** Whether a core in this activity sleeps, however lightly. */
export const isAsleep = (activity: string): boolean => !AWAKE.has(activity) && activity !== 'off';

/** A core's hue at full strength when active, fading into the ground the deeper it sleeps. */
export function activityColour(kind: CoreKind, activity: string, activities: readonly string[]): string {
  const core = coreColour[kind];
  if (activity === 'active') return core;
  if (activity === 'transition') return `color-mix(in oklab, ${core} 45%, var(--ink))`;
  if (activity === 'boot') return 'var(--ink)';
  if (activity === 'off') return 'var(--track)';
  const states = activities.filter(isAsleep);
  const depth = states.length < 2 ? 1 : states.indexOf(activity) / (states.length - 1);
  return `color-mix(in oklab, ${core} ${Math.round(48 - 34 * depth)}%, var(--surface))`;
}

/** Share of a span that a core slept, from its shares by activity. */
export function asleep(activities: readonly string[], residency: readonly number[]): number {
  return activities.reduce((sum, activity, index) => (isAsleep(activity) ? sum + (residency[index] ?? 0) : sum), 0);
}

const SUPPLY_COLOURS = ['var(--supply-1)', 'var(--supply-2)', 'var(--supply-3)', 'var(--supply-4)'];

/** Colours of the rails: a core's own hue where the rail is the core's, the sensor's, and quiet ones for the rest. */
export function railColours(layout: Pick<RunLayout, 'rails' | 'cores' | 'sensor'>): string[] {
  let next = 0;
  return layout.rails.map((rail) => {
    const core = layout.cores.find(
      ({ name, kind }) => name === rail || kind === rail || rail.startsWith(`${name}-`) || rail.startsWith(`${name} `),
    );
    if (core) return coreColour[core.kind];
    if (rail === layout.sensor || rail.startsWith('sensor')) return 'var(--sensor)';
    return SUPPLY_COLOURS[next++ % SUPPLY_COLOURS.length] ?? 'var(--supply-1)';
  });
}

export const LOSS_COLOUR = 'var(--loss)';
