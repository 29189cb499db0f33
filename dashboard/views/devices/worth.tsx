// What power states and operating points are worth, as the check of profiles computes it.

import type { JSX } from 'preact';
import type { DeviceParts, DevicePortrait } from '../../../server/profiles/views.ts';
import { quantity } from '../../format/quantity.ts';
import { Panel } from '../parts/panel.tsx';
import { Scroll } from '../parts/scroll.tsx';

type Cores = DeviceParts['cores'];
const kindOf = (cores: Cores, name: string) => cores.find((core) => core.name === name)?.kind;

export function PowerStates({ states, cores }: { states: DevicePortrait['states']; cores: Cores }): JSX.Element {
  return (
    <Panel title="Power states" aside={<span class="quiet">by depth</span>}>
      <Scroll label="Power states">
        <table>
          <thead>
            <tr>
              <th>State</th>
              <th class="number">Draws</th>
              <th class="number">Wakes in</th>
              <th class="number">Pays after</th>
              <th class="number">Against the one before</th>
              <th class="number">Given</th>
            </tr>
          </thead>
          <tbody>
            {states.map(({ core, state, watts, exitSeconds, breakEvenSeconds, givenSeconds, worth }) => (
              <tr key={`${core} ${state}`} data-kind={kindOf(cores, core)}>
                <td>
                  <i class="dot" /> {core} <strong>{state}</strong>
                  {worth !== 'pays' && <span class="bad"> {worth}</span>}
                </td>
                <td class="number" data-label="draws">
                  {quantity(watts, 'W')}
                </td>
                <td class="number" data-label="wakes in">
                  {quantity(exitSeconds, 's')}
                </td>
                <td class="number" data-label="pays after">
                  {stay(breakEvenSeconds.shallowest)}
                </td>
                <td class="number" data-label="against the one before">
                  {stay(breakEvenSeconds.before)}
                </td>
                <td class="number" data-label="given">
                  {quantity(givenSeconds, 's')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="quiet note">
        A stay pays from its break-even time on, exit latency not included: against the shallowest state of the core,
        and against the one before it. “Given” is the minimum residency that the file has.
      </p>
    </Panel>
  );
}

/** 0: the shallowest state itself, which needs no stay to pay. */
const stay = (seconds: number | null): string =>
  seconds === null ? 'never' : seconds === 0 ? 'at once' : quantity(seconds, 's');

export function OperatingPoints({ points, cores }: { points: DevicePortrait['points']; cores: Cores }): JSX.Element {
  const least = (core: string) =>
    Math.min(...points.filter((point) => point.core === core).map(({ joulesPerMac }) => joulesPerMac));
  return (
    <Panel title="Operating points" aside={<span class="quiet">convolutions</span>}>
      <Scroll label="Operating points">
        <table>
          <thead>
            <tr>
              <th>Point</th>
              <th class="number">Clock</th>
              <th class="number">Draws</th>
              <th class="number">Computes</th>
              <th class="number">Energy per MAC</th>
            </tr>
          </thead>
          <tbody>
            {points.map(({ core, point, hertz, watts, macsPerSecond, joulesPerMac, dominatedBy }) => {
              const alone = points.filter((other) => other.core === core).length === 1;
              return (
                <tr key={`${core} ${point}`} data-kind={kindOf(cores, core)}>
                  <td>
                    <i class="dot" /> {core} <strong>{point}</strong>
                    {dominatedBy !== null && <span class="bad"> dominated by {dominatedBy}</span>}
                  </td>
                  <td class="number" data-label="clock">
                    {quantity(hertz, 'Hz')}
                  </td>
                  <td class="number" data-label="draws">
                    {quantity(watts, 'W')}
                  </td>
                  <td class="number" data-label="computes">
                    {quantity(macsPerSecond, 'MAC/s')}
                  </td>
                  <td class="number" data-label="energy per MAC">
                    {quantity(joulesPerMac, 'J')}
                    {!alone && joulesPerMac === least(core) && <span class="quiet"> least</span>}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
      <p class="quiet note">
        Energy per multiply-accumulate is active power over throughput; weights, overhead and sleep come on top. A point
        is dominated where another is faster and takes no more energy for the same work, sleep for the rest of the time
        included.
      </p>
    </Panel>
  );
}
