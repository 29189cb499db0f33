import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { DeviceView, FigureView } from '../../../server/runs/views.ts';
import { count } from '../../format/quantity.ts';
import { kindName } from '../../format/words.ts';
import { devicePath } from '../../routing/route.ts';
import { devices } from '../../store/catalogue.ts';
import { Choices } from '../parts/choices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Problem } from '../parts/problem.tsx';
import { Scroll } from '../parts/scroll.tsx';

/** The least trusted first. */
const TRUST = ['estimated', 'derived', 'datasheet', 'measured'] as const;
type Trust = FigureView['confidence'];

/** Every figure of a device with its source, the least trusted first. */
export function DevicesPage({ chosen }: { chosen: string | null }): JSX.Element {
  const loaded = devices.value;
  if (loaded.state === 'loading') return <div class="loading card-shape" role="status" aria-label="Loading devices" />;
  if (!loaded.answer.ok) return <Problem text={`The devices could not be read. ${loaded.answer.problem}`} />;
  const all = loaded.answer.value;
  const shown = all.filter(({ name }) => chosen === null || name === chosen);
  return (
    <div class="devices">
      <header class="lead">
        <h1>Devices</h1>
        <p class="second">
          Every figure with its source. What is estimated comes first: change it when you know better, in{' '}
          <code>device-profiles/</code>.
        </p>
      </header>
      {shown.length < all.length && (
        <p>
          <a href="/devices">All {all.length} devices</a>
        </p>
      )}
      {shown.length === 0 && (
        <div class="empty panel">
          <p>
            {chosen === null ? 'No device yet. Put a YAML file into ' : `There is no device ${chosen} in `}
            <code>device-profiles/</code>.
          </p>
        </div>
      )}
      {shown.map((device) => (
        <Device key={device.name} device={device} />
      ))}
    </div>
  );
}

function Device({ device }: { device: DeviceView }): JSX.Element {
  const trust = useSignal<Trust | 'all'>('all');
  const of = (confidence: Trust) => device.figures.filter((figure) => figure.confidence === confidence);
  const figures = TRUST.flatMap(of).filter(({ confidence }) => trust.value === 'all' || confidence === trust.value);
  const options = [
    ['all', `all ${count(device.figures.length)}`] as const,
    ...TRUST.map((confidence) => [confidence, `${count(of(confidence).length)} ${confidence}`] as const),
  ];
  return (
    <Panel title={device.title} aside={<a href={devicePath(device.name)}>{device.name}</a>}>
      <Problem text={device.problem} />
      <p class="second device-text">{device.description}</p>
      <ul class="device-cores">
        {device.cores.map((core) => (
          <li key={core.name} data-kind={core.kind}>
            <i class="dot" /> <strong>{core.name}</strong> {kindName[core.kind]}{' '}
            <span class="quiet">sleeps in {core.powerStates.join(', ')}</span>
          </li>
        ))}
        <li>
          <strong>power profiles</strong> <span class="quiet">{device.powerProfiles.join(', ')}</span>
        </li>
      </ul>
      {device.figures.length > 0 && (
        <>
          <Choices
            label="How well figures are known"
            options={options}
            value={trust.value}
            onChoose={(next) => {
              trust.value = next;
            }}
          />
          <Scroll label={`Figures of ${device.title}`}>
            <table>
              <thead>
                <tr>
                  <th>Figure</th>
                  <th class="number">Value</th>
                  <th>Known</th>
                  <th>Source</th>
                </tr>
              </thead>
              <tbody>
                {figures.map((figure) => (
                  <tr key={figure.path}>
                    <td>{figure.path.replaceAll('.', ' › ')}</td>
                    <td class="number">{figure.value.replace(/\bu(?=[A-Za-z])/, 'µ')}</td>
                    <td data-trust={figure.confidence}>{figure.confidence}</td>
                    <td class="second">{figure.source}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </>
      )}
    </Panel>
  );
}
