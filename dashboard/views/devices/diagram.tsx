import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import type { DeviceParts } from '../../../server/profiles/views.ts';
import { type Box, planDiagram } from '../../draw/device-diagram.ts';
import { kindName } from '../../format/words.ts';
import { Panel } from '../parts/panel.tsx';
import { Scroll } from '../parts/scroll.tsx';

/** The device as a diagram, and the same in words. */
export function Diagram({ title, parts }: { title: string; parts: DeviceParts }): JSX.Element {
  const { width, height, boxes, wires, rails } = planDiagram(parts);
  const words = useId();
  return (
    <Panel title="What it looks like" aside={<span class="quiet">data above, power below</span>}>
      <Scroll label={`Diagram of ${title}`}>
        <svg
          class="diagram"
          viewBox={`0 0 ${width} ${height}`}
          width={width}
          height={height}
          role="img"
          aria-label={`Diagram of ${title}`}
          aria-describedby={words}
        >
          {rails.map(({ name, detail, y, from, to, taps }, place) => (
            <g key={name} class="rail">
              <path d={`M${from} ${y}H${to}`} />
              {taps.map(({ x, toward, ends }) => (
                <g key={x}>
                  <path class="tap" d={`M${x} ${y}V${Math.min(...ends)}`} />
                  {ends.map((end) => (
                    <path key={end} class="tap" d={`M${x} ${end}h${toward * (8 + place * 4)}`} />
                  ))}
                  <circle cx={x} cy={y} r="3" />
                </g>
              ))}
              <text x={to} y={y - 5} text-anchor="end">
                <tspan class="strong">{name}</tspan> {short(detail, 52)}
              </text>
            </g>
          ))}
          {wires.map(({ kind, label, points }) => (
            <g key={points.join()} class="wire" data-wire={kind}>
              <path d={`M${points.map((point) => point.join(' ')).join('L')}`} />
              {label !== '' && (
                <text
                  x={((points[1]?.[0] ?? 0) + (points[2]?.[0] ?? 0)) / 2}
                  y={(points[1]?.[1] ?? 0) - 4}
                  text-anchor="middle"
                >
                  {label}
                </text>
              )}
            </g>
          ))}
          {boxes.map((box) => (
            <g key={`${box.kind} ${box.name}`} class="part" data-part={box.kind} data-kind={kindOf(parts, box)}>
              <rect x={box.x} y={box.y} width={box.width} height={box.height} rx="5" />
              <text x={box.x + 10} y={box.y + 19}>
                <tspan class="strong">{box.name}</tspan>
                {box.size !== '' && ` ${box.size}`}
              </text>
              {box.detail !== '' && (
                <text x={box.x + 10} y={box.y + 37}>
                  {short(box.detail, 22)}
                </text>
              )}
            </g>
          ))}
        </svg>
      </Scroll>
      <details class="note" open={false}>
        <summary>The same in words</summary>
        <ul id={words} class="in-words">
          {inWords(parts).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </details>
    </Panel>
  );
}

const kindOf = ({ cores }: DeviceParts, { kind, name }: Box) =>
  kind === 'core' ? cores.find((core) => core.name === name)?.kind : undefined;

const short = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

export function inWords({
  sensors,
  cores,
  memories,
  links,
  rails,
  actuators,
  battery,
}: DeviceParts): readonly string[] {
  return [
    ...sensors.map(
      ({ name, kind, part, rail, cores: heard, gatesByItself }) =>
        `Sensor ${name}, ${article(kind)} (${part}), on rail ${rail}, can be wired to ${heard.join(', ')}${gatesByItself ? '; it gates by itself' : ''}.`,
    ),
    ...cores.map(({ name, kind, part, rail, precision }) => {
      const own = memories.filter((memory) => memory.core === name);
      const kept = own.map((memory) => `${memory.name} of ${memory.size}${memory.nonVolatile ? ', non-volatile' : ''}`);
      return `Core ${name}, ${kindName[kind]} (${part}), computes in ${precision} on rail ${rail}${kept.length > 0 ? `; it governs ${kept.join(', ')}` : ''}.`;
    }),
    ...memories
      .filter(({ core }) => core === null)
      .map(({ name, size, rail }) => `Memory ${name} of ${size} on rail ${rail}, governed by no core.`),
    ...links.map(
      ({ name, from, to, bandwidth, rail }) => `Link ${name} from ${from} to ${to}, ${bandwidth}, on rail ${rail}.`,
    ),
    ...actuators.map(({ name, part, rail }) => `Actuator ${name} (${part}) on rail ${rail}.`),
    ...rails.map(
      ({ name, volts, regulator }) =>
        `Rail ${name} of ${volts} V, ${regulator === null ? 'from the battery directly' : `from the battery through ${regulator}`}.`,
    ),
    `Battery of ${battery.capacity} (${battery.part})${battery.charger === null ? '' : `, charged by ${battery.charger}`}.`,
  ];
}

const article = (kind: string): string => `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
