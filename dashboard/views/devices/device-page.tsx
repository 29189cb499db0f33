// One device: what it looks like, what its states and operating points are worth, what its cell gives, and every figure.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { DevicePortrait } from '../../../server/profiles/views.ts';
import type { DeviceView } from '../../../server/runs/views.ts';
import { getDevice, type Result } from '../../api/client.ts';
import { scenarioPath } from '../../routing/route.ts';
import { Panel } from '../parts/panel.tsx';
import { Problem } from '../parts/problem.tsx';
import { Cell } from './cell.tsx';
import { Description, scenariosOn } from './devices-page.tsx';
import { Diagram } from './diagram.tsx';
import { Figures } from './figures.tsx';
import { TrustBar } from './trust.tsx';
import { OperatingPoints, PowerStates } from './worth.tsx';

export function DevicePage({ device }: { device: DeviceView }): JSX.Element {
  const answer = useSignal<Result<DevicePortrait> | null>(null);
  const attempt = useSignal(0);
  useEffect(() => {
    if (device.problem !== null) return;
    let isLeft = false;
    void getDevice(device.name).then((next) => {
      if (!isLeft) answer.value = next;
    });
    return () => {
      isLeft = true;
    };
  }, [device, attempt.value]);
  const used = scenariosOn(device.name);
  return (
    <div class="devices">
      <header class="device-head">
        <p>
          <a href="/devices">All devices</a>
        </p>
        <h1>{device.title}</h1>
        {device.problem === null && <Description text={device.description} />}
        {device.figures.length > 0 && <TrustBar figures={device.figures} />}
        <p class="second">
          <code>device-profiles/{device.name}.yaml</code>
          {device.powerProfiles.length > 0 && ` · power profiles ${device.powerProfiles.join(', ')}`}
        </p>
        {used !== null && used.length > 0 && (
          <ul class="device-scenarios">
            {used.map(({ name, title }) => (
              <li key={name}>
                <a class="button" href={scenarioPath(name)}>
                  Set up “{title}”
                </a>
              </li>
            ))}
          </ul>
        )}
        {used?.length === 0 && device.problem === null && (
          <p class="quiet">
            No scenario uses it. Name it in one: <code>device: {device.name}</code>
          </p>
        )}
      </header>
      {device.problem !== null && (
        <Panel title="It fails its check">
          <Problem text={device.problem} />
          <p class="second note">
            Mend the lines that are named, and load this page again. <code>lightsleeper profile check</code> says the
            same.
          </p>
        </Panel>
      )}
      {device.problem === null && answer.value === null && (
        <div class="loading card-shape" role="status" aria-label="Loading the device" />
      )}
      {answer.value?.ok === false && (
        <div>
          <Problem text={`What the device is made of could not be read. ${answer.value.problem}`} />
          <p class="note">
            <button type="button" onClick={() => attempt.value++}>
              Try again
            </button>
          </p>
        </div>
      )}
      {answer.value?.ok === true && <Portrait device={device} portrait={answer.value.value} />}
      {device.figures.length > 0 && <Figures device={device} />}
    </div>
  );
}

function Portrait({ device, portrait }: { device: DeviceView; portrait: DevicePortrait }): JSX.Element {
  return (
    <>
      <Diagram title={device.title} parts={portrait.parts} />
      {portrait.warnings.length > 0 && (
        <Panel title="What its check warns of">
          <ul class="warnings">
            {portrait.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Panel>
      )}
      <div class="device-worth">
        <PowerStates states={portrait.states} cores={portrait.parts.cores} />
        <OperatingPoints points={portrait.points} cores={portrait.parts.cores} />
      </div>
      <Cell battery={portrait.battery} part={portrait.parts.battery.part} />
    </>
  );
}
