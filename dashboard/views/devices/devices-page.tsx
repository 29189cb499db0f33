import type { JSX } from 'preact';
import type { DeviceView } from '../../../server/runs/views.ts';
import { devices } from '../../store/catalogue.ts';
import { Panel } from '../parts/panel.tsx';
import { Problem } from '../parts/problem.tsx';
import { Scroll } from '../parts/scroll.tsx';

const TRUST = ['estimated', 'derived', 'datasheet', 'measured'] as const;

/** Every figure of a device with its source, the least trusted first. */
export function DevicesPage({ chosen }: { chosen: string | null }): JSX.Element {
  const loaded = devices.value;
  if (loaded.state === 'loading') return <div class="loading card-shape" role="status" aria-label="Loading devices" />;
  if (!loaded.answer.ok) return <Problem text={`The devices could not be read. ${loaded.answer.problem}`} />;
  const shown = loaded.answer.value.filter(({ name }) => chosen === null || name === chosen);
  return (
    <div class="devices">
      <h1>Devices</h1>
      {shown.map((device) => (
        <Device key={device.name} device={device} />
      ))}
    </div>
  );
}

function Device({ device }: { device: DeviceView }): JSX.Element {
  const figures = [...device.figures].sort((a, b) => TRUST.indexOf(a.confidence) - TRUST.indexOf(b.confidence));
  return (
    <Panel title={device.title}>
      <Problem text={device.problem} />
      <p>{device.description}</p>
      <Scroll label={`Figures of ${device.title}`}>
        <table>
          <thead>
            <tr>
              <th>Figure</th>
              <th>Value</th>
              <th>Known</th>
              <th>Source</th>
            </tr>
          </thead>
          <tbody>
            {figures.map((figure) => (
              <tr key={figure.path}>
                <td>{figure.path}</td>
                <td class="number">{figure.value}</td>
                <td>{figure.confidence}</td>
                <td class="second">{figure.source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  );
}
