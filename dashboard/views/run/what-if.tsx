// What if: thresholds, power profile, clocks, placement and battery to try, and what they would have made of the whole run.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { RunDetails, RunLayout } from '../../../server/runs/views.ts';
import { isOver } from '../../format/words.ts';
import {
  answered,
  asking,
  change,
  changes,
  forget,
  keep,
  kept,
  openWhatIf,
  reset,
  whatIfProblem,
  written,
} from '../../store/what-if.ts';
import { Panel } from '../parts/panel.tsx';
import { Problem } from '../parts/problem.tsx';
import { SaveScenario } from './save-scenario.tsx';
import { Differences } from './what-if-differences.tsx';

export function WhatIf({ run, layout }: { run: RunDetails; layout: RunLayout }): JSX.Element {
  useEffect(() => openWhatIf(run.id), [run.id]);
  const isChanged = Object.keys(changes.value).length > 0;
  const now = answered.value;
  return (
    <Panel
      title="What if"
      area="whatif"
      aside={
        <span class="quiet" role="status">
          {asking.value
            ? 'simulating …'
            : isOver(run.state)
              ? 'the whole run again, without inference'
              : 'over what was heard so far'}
        </span>
      }
    >
      <Controls layout={layout} />
      <Problem text={whatIfProblem.value} />
      {now !== null && isChanged ? (
        <>
          <Differences original={now.original} variants={[{ name: 'what if', report: now.variant }]} />
          <p class="actions">
            <button type="button" class="button" onClick={() => keep(now)}>
              Keep this variant
            </button>
            <button type="button" class="button" onClick={reset}>
              Back to the run
            </button>
            <span class="quiet">answered in {Math.round(now.milliseconds)} ms</span>
          </p>
          <SaveScenario scenario={run.scenario} changes={written(now.changes)} />
        </>
      ) : (
        <p class="quiet note">
          Move a threshold, or choose another profile, clock, core or battery, to see what it would change.
        </p>
      )}
      <KeptVariants />
    </Panel>
  );
}

function Controls({ layout }: { layout: RunLayout }): JSX.Element {
  const { changeable, stages, cores, battery, powerProfiles } = layout;
  const capacity = battery.capacityMilliampereHours;
  return (
    <div class="what-if-controls">
      <fieldset>
        <legend>Thresholds</legend>
        {stages.map(({ name }, index) => (
          <Threshold key={name} stage={name} own={changeable.thresholds[index] ?? 0.5} />
        ))}
      </fieldset>
      <fieldset>
        <legend>Placement</legend>
        {stages.map(({ name, core }) => (
          <Choice
            key={name}
            name={`${name} on`}
            path={`cascade.${name}.core`}
            own={core}
            choices={cores.map((one) => one.name)}
          />
        ))}
      </fieldset>
      <fieldset>
        <legend>Power profile and clocks</legend>
        <Choice name="power profile" path="powerProfile" own={changeable.powerProfile} choices={powerProfiles} />
        {cores.map(({ name }, index) => {
          const points = changeable.operatingPoints[index];
          if (points === undefined || points.choices.length < 2) return null;
          return (
            <Choice
              key={name}
              name={`${name} at`}
              path={`cores.${name}.operatingPoint`}
              own={points.value}
              choices={points.choices}
            />
          );
        })}
      </fieldset>
      <fieldset>
        <legend>Battery</legend>
        <Amount name="capacity, mAh" path="battery.capacity" own={capacity} unit="mAh" />
        <Amount name="charge at the start, %" path="startCharge" own={changeable.startCharge * 100} unit="%" />
      </fieldset>
    </div>
  );
}

function Threshold({ stage, own }: { stage: string; own: number }): JSX.Element {
  const path = `cascade.${stage}.threshold`;
  const asked = changes.value[path];
  const value = asked === undefined ? own : Number(asked);
  const set = (text: string): void => {
    const next = Number(text);
    if (text.trim() === '' || !(next >= 0 && next <= 1)) return;
    change(path, next === own ? null : String(next));
  };
  return (
    <div class="slider" data-changed={asked !== undefined}>
      <label for={`threshold-${stage}`}>{stage}</label>
      <input
        id={`threshold-${stage}`}
        type="range"
        min="0"
        max="1"
        step="0.005"
        value={value}
        onInput={(event) => set(event.currentTarget.value)}
      />
      <input
        type="text"
        inputMode="decimal"
        class="number"
        aria-label={`Threshold of ${stage}, 0 to 1`}
        value={String(value)}
        onChange={(event) => set(event.currentTarget.value)}
      />
    </div>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly path: string;
  readonly own: string;
  readonly choices: readonly string[];
}

const Choice = ({ name, path, own, choices }: ChoiceProps): JSX.Element => (
  <label data-changed={changes.value[path] !== undefined}>
    {name}
    <select
      value={changes.value[path] ?? own}
      onChange={({ currentTarget: { value } }) => change(path, value === own ? null : value)}
    >
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </select>
  </label>
);

interface AmountProps {
  readonly name: string;
  readonly path: string;
  readonly own: number;
  readonly unit: string;
}

function Amount({ name, path, own, unit }: AmountProps): JSX.Element {
  const problem = useSignal(false);
  const shown = Number(own.toPrecision(6));
  const asked = changes.value[path];
  return (
    <label data-changed={asked !== undefined}>
      {name}
      <input
        type="text"
        inputMode="decimal"
        aria-invalid={problem.value}
        value={asked === undefined ? String(shown) : asked.replace(` ${unit}`, '')}
        onChange={({ currentTarget: { value } }) => {
          const next = Number(value);
          problem.value = !(next > 0);
          if (next > 0) change(path, next === shown ? null : `${next} ${unit}`);
        }}
      />
      {problem.value && <small class="bad">give more than 0</small>}
    </label>
  );
}

function KeptVariants(): JSX.Element | null {
  const variants = kept.value;
  const original = answered.value?.original;
  if (variants.length === 0) return null;
  const reports = variants.flatMap(({ report }, index) =>
    report === null ? [] : [{ name: `variant ${index + 1}`, report }],
  );
  return (
    <section aria-label="Kept variants">
      <h3>Kept variants</h3>
      <ol class="kept">
        {variants.map((variant) => (
          <li key={written(variant.changes).join()}>
            <code>{written(variant.changes).join(', ')}</code>
            <button type="button" class="button" onClick={() => forget(variant)}>
              Forget
            </button>
          </li>
        ))}
      </ol>
      {reports.length > 0 && <Differences original={original ?? null} variants={reports} />}
      <p class="quiet note">They are in this page’s address: whoever opens it sees them, too.</p>
    </section>
  );
}
