// The models that scenarios name: what they look for, cost and are worth, and how their training went.

import type { JSX } from 'preact';
import type { ModelView } from '../../../server/runs/views.ts';
import { percent, quantity, significant } from '../../format/quantity.ts';
import { modelPath, scenarioPath } from '../../routing/route.ts';
import { models } from '../../store/lab.ts';
import { Panel } from '../parts/panel.tsx';
import { Problem } from '../parts/problem.tsx';
import { Plot } from './plot.tsx';

export function Models({ chosen }: { chosen: string | null }): JSX.Element {
  const loaded = models.value;
  if (loaded.state === 'loading') return <div class="loading card-shape" role="status" aria-label="Loading models" />;
  if (!loaded.answer.ok) return <Problem text={`The models could not be read. ${loaded.answer.problem}`} />;
  const list = loaded.answer.value;
  const open = list.find(({ name }) => name === chosen) ?? (chosen === null ? list[0] : undefined);
  return (
    <Panel title="Models" aside={<span class="quiet">those that scenarios name</span>}>
      <div class="model-library">
        <nav aria-label="Models">
          <ul>
            {list.map(({ name, task, macs }) => (
              <li key={name}>
                <a href={modelPath(name)} aria-current={name === open?.name ? 'true' : undefined}>
                  <strong>{name}</strong> <span class="quiet">{task}</span>
                  <span class="number">{quantity(macs, 'MAC')}</span>
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {open !== undefined ? (
          <Model model={open} />
        ) : (
          <div class="empty">
            <p>
              There is no model “{chosen}”. {list.length === 0 ? 'No scenario names any.' : 'Choose one of the list.'}
            </p>
          </div>
        )}
      </div>
    </Panel>
  );
}

function Model({ model }: { model: ModelView }): JSX.Element {
  const { quality, operatingCurve, course } = model;
  return (
    <article class="model" aria-label={model.name}>
      <h3>{model.name}</h3>
      <p>{model.task}</p>
      <dl class="facts">
        <Fact name="MAC a window">{quantity(model.macs, 'MAC')}</Fact>
        <Fact name="parameters">{quantity(model.parameters, '')}</Fact>
        <Fact name="weights">{quantity(model.weightBytes, 'B')}</Fact>
        <Fact name="precision">{model.precision}</Fact>
        <Fact name="threshold">{String(model.threshold)}</Fact>
      </dl>
      <p class="second">
        Used by{' '}
        {model.usedBy.map(({ scenario, stage }, index) => (
          <span key={`${scenario} ${stage}`}>
            {index > 0 && ', '}
            <a href={scenarioPath(scenario)}>{scenario}</a> as {stage}
          </span>
        ))}
      </p>
      {quality === null ? (
        <p class="quiet">No figures of its quality are on its card.</p>
      ) : (
        <>
          <table class="figures">
            <tbody>
              {quality.figures.map(({ what, unit, value, interval }) => (
                <tr key={what}>
                  <td>{what}</td>
                  <td class="number">{figure(value, unit)}</td>
                  <td class="number quiet">
                    {figure(interval[0], unit)} to {figure(interval[1], unit)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p class="quiet note">With 95 % intervals: {quality.source}.</p>
        </>
      )}
      {operatingCurve !== null && (
        <>
          <h4>Operating curve</h4>
          <Plot
            sets={[
              {
                name: model.name,
                isLine: true,
                colour: 'var(--low-power)',
                points: useful(model, operatingCurve.points).map(({ threshold, missRate, falseAcceptsPerHour }) => ({
                  x: falseAcceptsPerHour,
                  y: missRate * 100,
                  words: `at ${threshold}: ${percent(missRate)} missed, ${significant(falseAcceptsPerHour, 2)} false accepts an hour`,
                })),
              },
            ]}
            x="false accepts an hour"
            y="% missed"
            hint="Each point is a threshold: point at one for what it misses and accepts."
          />
          <p class="quiet note">{operatingCurve.source}.</p>
        </>
      )}
      <h4>Training</h4>
      {course === null ? (
        <p class="quiet">No course of its training was kept. `lightsleeper train {model.name}` keeps one.</p>
      ) : (
        <>
          <Plot
            sets={[
              {
                name: 'loss, smoothed',
                isLine: true,
                colour: 'var(--low-power)',
                points: course.losses.map(({ step, loss }) => ({
                  x: step,
                  y: loss,
                  words: `step ${step}: loss ${loss}`,
                })),
              },
            ]}
            x="steps"
            y="loss"
            hint="Point at the line for a step’s loss."
          />
          <Plot
            sets={[
              {
                name: 'missed in validation scenes',
                isLine: true,
                colour: 'var(--miss)',
                points: course.checkpoints.map(({ step, misses }) => ({
                  x: step,
                  y: misses * 100,
                  words: `step ${step}: ${percent(misses)} missed`,
                })),
              },
            ]}
            x="steps"
            y="% missed in validation scenes"
            hint="Point at a checkpoint for what it missed."
          />
          <p class="quiet note">
            The latest training of this network; the best checkpoint is kept. A repeat that is worse than what ships is
            thrown away, so that the model need not come from it.
          </p>
        </>
      )}
      <p class="quiet note">{model.training}</p>
    </article>
  );
}

type CurvePoint = NonNullable<ModelView['operatingCurve']>['points'][number];

/** Up to so many false accepts an hour a curve is drawn at least, and to so many times those at the model's own threshold. */
const DRAWN = { rate: 20, times: 4 };

function useful({ threshold }: ModelView, points: readonly CurvePoint[]): readonly CurvePoint[] {
  const own = points.find((point) => point.threshold >= threshold);
  const most = Math.max(DRAWN.rate, DRAWN.times * (own?.falseAcceptsPerHour ?? 0));
  return points.filter(({ falseAcceptsPerHour }) => falseAcceptsPerHour <= most);
}

const figure = (value: number, unit: 'share' | '1/h'): string =>
  unit === 'share' ? percent(value) : `${value === 0 ? '0' : significant(value)} an hour`;

const Fact = ({ name, children }: { name: string; children: string }): JSX.Element => (
  <div>
    <dt>{name}</dt>
    <dd class="number">{children}</dd>
  </div>
);
