// The library of devices: what there is, and how far each can be trusted.

import type { JSX } from 'preact';
import type { DeviceView, ScenarioView } from '../../../server/runs/views.ts';
import { kindName } from '../../format/words.ts';
import { devicePath } from '../../routing/route.ts';
import { devices, loadCatalogue, scenarios } from '../../store/catalogue.ts';
import { Panel } from '../parts/panel.tsx';
import { Problem } from '../parts/problem.tsx';
import { DevicePage } from './device-page.tsx';
import { TrustBar } from './trust.tsx';

export function DevicesPage({ chosen }: { chosen: string | null }): JSX.Element {
  const loaded = devices.value;
  if (loaded.state === 'loading') return <div class="loading card-shape" role="status" aria-label="Loading devices" />;
  if (!loaded.answer.ok)
    return (
      <div class="devices">
        <h1>Devices</h1>
        <Problem text={`The devices could not be read. ${loaded.answer.problem}`} />
        <p>
          <button type="button" onClick={() => void loadCatalogue()}>
            Try again
          </button>
        </p>
      </div>
    );
  const all = loaded.answer.value;
  if (chosen !== null) {
    const device = all.find(({ name }) => name === chosen);
    return device === undefined ? <Unknown name={chosen} /> : <DevicePage key={chosen} device={device} />;
  }
  return (
    <div class="devices">
      <header class="lead">
        <h1>Devices</h1>
        <p class="second">
          What each is made of and how well its figures are known. They are files in <code>device-profiles/</code>:
          change one where you know better.
        </p>
      </header>
      {all.length === 0 ? (
        <div class="empty panel">
          <p>
            No device yet. Put a YAML file into <code>device-profiles/</code>.
          </p>
        </div>
      ) : (
        <div class="cards">
          {all.map((device) => (
            <Card key={device.name} device={device} />
          ))}
        </div>
      )}
    </div>
  );
}

/** Scenarios on a device; null until they are known. */
export function scenariosOn(name: string): readonly ScenarioView[] | null {
  const loaded = scenarios.value;
  return loaded.state === 'done' && loaded.answer.ok
    ? loaded.answer.value.filter(({ device }) => device === name)
    : null;
}

/** Names between backticks are code. */
export const Description = ({ text }: { text: string }): JSX.Element => (
  <p class="second device-text">
    {text.split('`').map((part, index) => (index % 2 === 0 ? part : <code key={part}>{part}</code>))}
  </p>
);

function Card({ device }: { device: DeviceView }): JSX.Element {
  const used = scenariosOn(device.name);
  return (
    <Panel title={device.title} area="card" aside={<a href={devicePath(device.name)}>{device.name}</a>}>
      <Problem text={device.problem} />
      {device.problem === null && (
        <>
          <Description text={device.description} />
          <ul class="device-cores">
            {device.cores.map((core) => (
              <li key={core.name} data-kind={core.kind}>
                <i class="dot" /> {core.name} <span class="quiet">{kindName[core.kind]}</span>
              </li>
            ))}
          </ul>
          <TrustBar figures={device.figures} />
          <p class="quiet">
            {used === null
              ? 'Looking for its scenarios …'
              : used.length === 0
                ? 'No scenario uses it.'
                : `${used.length === 1 ? 'Scenario' : 'Scenarios'}: ${used.map(({ title }) => title).join(', ')}`}
          </p>
        </>
      )}
    </Panel>
  );
}

const Unknown = ({ name }: { name: string }): JSX.Element => (
  <div class="empty">
    <h1>There is no device {name}</h1>
    <p>
      No file <code>{name}.yaml</code> lies in <code>device-profiles/</code>.
    </p>
    <a class="button" href="/devices">
      All devices
    </a>
  </div>
);
