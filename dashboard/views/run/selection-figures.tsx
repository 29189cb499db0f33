// Exact figures of just the stretch that is selected, from the run simulated again and never from what is drawn.

import type { JSX } from 'preact';
import type { RangeView, RunLayout } from '../../../server/runs/views.ts';
import { count, percent, quantity } from '../../format/quantity.ts';
import { span } from '../../format/time.ts';
import { select, selection } from '../../store/scope.ts';
import { exactTime } from './scope-reading.tsx';

export function SelectionFigures({
  layout,
  range,
}: {
  layout: RunLayout;
  range: RangeView | null;
}): JSX.Element | null {
  if (selection.value === null || range === null) return null;
  const { watts, joules, coulombs, railJoules, cores, stages, fromSeconds, toSeconds } = range;
  const seconds = toSeconds - fromSeconds;
  return (
    <section class="selection" aria-label="Figures of the selection">
      <h3>
        Selected: {span(seconds)}
        <button type="button" class="button" onClick={() => select(null)}>
          End the selection
        </button>
      </h3>
      <dl class="facts">
        <Fact name="from, to">
          {exactTime(fromSeconds, 1e-6)} to {exactTime(toSeconds, 1e-6)}
        </Fact>
        <Fact name="mean power">{quantity(watts.mean, 'W', 4)}</Fact>
        <Fact name="least, most">
          {quantity(watts.min, 'W', 4)}, {quantity(watts.max, 'W', 4)}
        </Fact>
        <Fact name="energy">
          {quantity(joules, 'J', 4)} ({quantity(joules / 3600, 'Wh', 4)})
        </Fact>
        <Fact name="charge">
          {quantity(coulombs, 'C', 4)} ({quantity(coulombs / 3600, 'Ah', 4)})
        </Fact>
        {layout.stages.map(({ name }, stage) => (
          <Fact key={name} name={`windows at ${name}`}>
            {count(stages[stage]?.windowsIn ?? 0)}, {count(stages[stage]?.windowsPassed ?? 0)} passed
          </Fact>
        ))}
        {layout.rails.map((rail, index) => (
          <Fact key={rail} name={`${rail} rail`}>
            {quantity(railJoules[index] ?? 0, 'J', 4)}
          </Fact>
        ))}
        <Fact name="lost in regulators">{quantity(railJoules[railJoules.length - 1] ?? 0, 'J', 4)}</Fact>
        {layout.cores.map(({ name, activities }, core) => (
          <Fact key={name} name={`${name}, ${count(cores[core]?.wakes ?? 0)} wakes`}>
            {activities
              .map((activity, index) => [activity, cores[core]?.residency[index] ?? 0] as const)
              .filter(([, share]) => share > 0)
              .map(([activity, share]) => `${activity} ${percent(share)}`)
              .join(', ')}
          </Fact>
        ))}
      </dl>
    </section>
  );
}

const Fact = ({
  name,
  children,
}: {
  name: string;
  children: JSX.Element | string | (string | JSX.Element)[];
}): JSX.Element => (
  <div>
    <dt>{name}</dt>
    <dd class="number">{children}</dd>
  </div>
);
