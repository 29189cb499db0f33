// What a search found: the sentence that can be said, the chosen thresholds beside those of the scenario, and the frontier.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { AdviceView } from '../../../server/runs/advise/advice-desk.ts';
import type { Advice } from '../../../server/runs/advise/advise.ts';
import type { Trial } from '../../../server/runs/advise/trial.ts';
import { percent, quantity, significant } from '../../format/quantity.ts';
import { span } from '../../format/time.ts';
import { scenarioPath } from '../../routing/route.ts';
import { Panel } from '../parts/panel.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Plot, type PlotPoint, type PlotSet } from './plot.tsx';

const STANDING = { shown: 'shown', measured: 'not shown', unmet: 'not met' } as const;

export function Found({ search }: { search: Extract<AdviceView, { state: 'done' }> }): JSX.Element {
  const { advice, words, scenario } = search;
  const { chosen, asIs } = advice.confirming;
  return (
    <Panel
      title={`Thresholds for ${scenario}`}
      aside={
        <span class="tag" data-standing={advice.standing}>
          {STANDING[advice.standing]}
        </span>
      }
    >
      {words.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <Scroll label="The chosen thresholds beside those of the scenario">
        <table class="figures">
          <thead>
            <tr>
              <th>On the recordings that confirm</th>
              <th class="number">chosen</th>
              <th class="number">as the scenario has it</th>
            </tr>
          </thead>
          <tbody>
            {advice.stages.map((stage, index) => (
              <Row key={stage} name={`threshold of ${stage}`} of={[chosen, asIs]}>
                {({ thresholds }) => String(thresholds[index])}
              </Row>
            ))}
            <Row name="missed (up to, at 95 %)" of={[chosen, asIs]}>
              {({ missRate }) => `${percent(missRate.value)} (${percent(missRate.upper)})`}
            </Row>
            <Row name="false accepts an hour (up to, at 95 %)" of={[chosen, asIs]}>
              {({ falseAcceptsPerHour: { value, upper } }) => `${rate(value)} (${rate(upper)})`}
            </Row>
            <Row name="mean power" of={[chosen, asIs]}>
              {({ milliwatts }) => quantity(milliwatts / 1e3, 'W')}
            </Row>
            <Row name="latency p95" of={[chosen, asIs]}>
              {({ p95Milliseconds }) => quantity(p95Milliseconds === null ? null : p95Milliseconds / 1e3, 's')}
            </Row>
          </tbody>
        </table>
      </Scroll>
      <Frontier advice={advice} />
      <p class="quiet note">
        {advice.vectors.toLocaleString('en-US')} vectors judged, {advice.tried} simulated over{' '}
        {span(advice.simulatedSeconds)} of {advice.device}, {advice.powerProfile}. Confirmed on{' '}
        {span(advice.confirming.restsOn.negativeHours * 3600)} of distinct negatives and{' '}
        {advice.confirming.restsOn.takes.recordings} takes. <a href={scenarioPath(scenario)}>The scenario</a>
      </p>
    </Panel>
  );
}

const rate = (value: number): string => (value === 0 ? '0' : significant(value, 2));

function Row({
  name,
  of,
  children,
}: {
  name: string;
  of: readonly Trial[];
  children: (trial: Trial) => string;
}): JSX.Element {
  return (
    <tr>
      <td>{name}</td>
      {of.map((trial, index) => (
        <td key={index} class="number">
          {children(trial)}
        </td>
      ))}
    </tr>
  );
}

/** Vectors that nothing beats in misses, false accepts and power together; on the recordings that choose. */
function Frontier({ advice }: { advice: Advice }): JSX.Element {
  const picked = useSignal<string | null>(null);
  const { frontier, choosing, stages } = advice;
  const point = (trial: Trial): PlotPoint => ({
    x: trial.missRate.value * 100,
    y: trial.milliwatts,
    words: `${stages.map((stage, at) => `${stage} ${trial.thresholds[at]}`).join(', ')}: ${percent(trial.missRate.value)} missed, ${rate(trial.falseAcceptsPerHour.value)} false accepts an hour, ${quantity(trial.milliwatts / 1e3, 'W')}`,
  });
  const sets = useMemo((): readonly PlotSet[] => {
    const all = [...frontier, choosing.chosen, choosing.asIs];
    return [
      ...COLOURS.map(([most, name, colour], index) => ({
        name,
        colour,
        isLine: false,
        points: all
          .filter(({ falseAcceptsPerHour: { value } }) => value <= most && value > (COLOURS[index - 1]?.[0] ?? -1))
          .map(point),
      })),
      { name: 'chosen', colour: 'var(--ink)', isLine: false, isRing: true, points: [point(choosing.chosen)] },
      { name: 'as it is', colour: 'var(--ink-3)', isLine: false, isRing: true, points: [point(choosing.asIs)] },
    ];
  }, [advice]);
  return (
    <>
      <h3>The frontier</h3>
      <p class="quiet">
        Vectors that no other beats in misses, false accepts and power together, on the recordings that choose: mean
        power over misses.
      </p>
      <Plot
        sets={sets}
        x="% missed"
        y="mean power in mW"
        picked={picked.value}
        hint="Point at a dot, or at a line of the table, for its thresholds."
      />
      <p class="legend">
        {COLOURS.map(([, words, colour]) => (
          <span key={words}>
            <i class="swatch" style={{ background: colour }} /> {words}
          </span>
        ))}
        <span>ringed: chosen; in grey, as it is</span>
      </p>
      <Scroll label="Vectors of the frontier by rising misses">
        <table class="figures">
          <thead>
            <tr>
              {stages.map((stage) => (
                <th key={stage} class="number">
                  {stage}
                </th>
              ))}
              <th class="number">missed</th>
              <th class="number">false/h</th>
              <th class="number">power</th>
              <th class="number">p95</th>
            </tr>
          </thead>
          <tbody>
            {frontier.map((trial, index) => (
              <tr
                key={index}
                onMouseEnter={() => {
                  picked.value = point(trial).words;
                }}
                onMouseLeave={() => {
                  picked.value = null;
                }}
              >
                {trial.thresholds.map((threshold, stage) => (
                  <td key={stage} class="number">
                    {threshold}
                  </td>
                ))}
                <td class="number">{percent(trial.missRate.value)}</td>
                <td class="number">{rate(trial.falseAcceptsPerHour.value)}</td>
                <td class="number">{quantity(trial.milliwatts / 1e3, 'W')}</td>
                <td class="number">
                  {quantity(trial.p95Milliseconds === null ? null : trial.p95Milliseconds / 1e3, 's')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

/** False accepts an hour, up to each of these in a colour of its own. */
const COLOURS: ReadonlyArray<readonly [most: number, words: string, colour: string]> = [
  [0, 'no false accept', 'var(--hit)'],
  [1, 'up to 1 an hour', 'var(--low-power)'],
  [5, 'up to 5', 'var(--false-accept)'],
  [Number.POSITIVE_INFINITY, 'more', 'var(--miss)'],
];
