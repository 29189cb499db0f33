import type { JSX } from 'preact';
import type { RunComparison } from '../../../server/runs/compare/comparison.ts';
import { strokeOf } from '../../draw/run-strokes.ts';
import { setting } from '../../format/measure.ts';
import { Panel } from '../parts/panel.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { RunMark } from './run-mark.tsx';

/** What was set differently, and nothing else. */
export function Settings({ comparison: { runs, settings } }: { comparison: RunComparison }): JSX.Element {
  const shown = runs.flatMap((run, place) => (run.kind === 'gone' ? [] : [place]));
  return (
    <Panel title="What was set differently" aside={<span class="quiet">the rest is the same</span>}>
      {settings.length === 0 ? (
        <p class="second">
          Nothing: these runs were given the same scenario, device, power profile, seed and thresholds.
        </p>
      ) : (
        <Scroll label="What was set differently">
          <table class="side-by-side">
            <thead>
              <tr>
                <th>Setting</th>
                {shown.map((place) => (
                  <th key={place}>
                    <RunMark place={place} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {settings.map(({ name, of, unit, values }) => (
                <tr key={`${name} ${of}`}>
                  <th scope="row">
                    {name} {of !== null && <span class="quiet">of {of}</span>}
                  </th>
                  {shown.map((place) => (
                    <td key={place} data-label={strokeOf(place).letter}>
                      {setting(values[place] ?? null, unit)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}
