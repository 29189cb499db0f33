// Where the parts of a device are drawn: a column for sensor, cores and actuators, memories below their core, rails as lines at the bottom.

import type { DeviceParts } from '../../server/profiles/views.ts';

export interface Box {
  readonly kind: 'sensor' | 'core' | 'memory' | 'actuator' | 'battery';
  readonly name: string;
  /** Behind the name: how much it holds. */
  readonly size: string;
  /** Below it: the part. */
  readonly detail: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A way for signals or data, along corners. */
export interface Wire {
  readonly kind: 'signal' | 'link';
  readonly label: string;
  readonly points: ReadonlyArray<readonly [x: number, y: number]>;
}

export interface RailLine {
  readonly name: string;
  readonly detail: string;
  readonly y: number;
  readonly from: number;
  readonly to: number;
  /** Drops that parts hang on, each with a branch to every part of its column; `toward` -1: they are to the left of it. */
  readonly taps: ReadonlyArray<{ readonly x: number; readonly toward: 1 | -1; readonly ends: readonly number[] }>;
}

export interface DiagramPlan {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly wires: readonly Wire[];
  readonly rails: readonly RailLine[];
}

const COLUMN = 196;
const WIDE = 156;
const TALL = 50;
const MEMORY = 30;
const GAP = 8;
/** Between two ways above the cores, and between two rails. */
const LANE = 24;
const RAIL = 40;
const MARGIN = 8;

export function planDiagram(parts: DeviceParts): DiagramPlan {
  const { sensors, cores, memories, links, rails, actuators, battery } = parts;
  const coreColumn = (index: number) => MARGIN + COLUMN * (1 + index);
  const lanes = links.length + sensors.length;
  const top = MARGIN + lanes * LANE + (lanes > 0 ? 12 : 0);
  const boxes: Box[] = [];
  const box = (part: Pick<Box, 'kind' | 'name' | 'x' | 'y'> & Partial<Box>): Box => {
    const made = { size: '', detail: '', width: WIDE, height: TALL, ...part };
    boxes.push(made);
    return made;
  };
  const stacked = (index: number) => top + index * (TALL + GAP);
  const sensorBoxes = sensors.map(({ name, part }, index) =>
    box({ kind: 'sensor', name, detail: part, x: MARGIN, y: stacked(index) }),
  );
  const coreBoxes = cores.map(({ name, part }, index) =>
    box({ kind: 'core', name, detail: part, x: coreColumn(index), y: top }),
  );
  const below = cores.map(() => top + TALL + GAP);
  const memoryBoxes = memories.map(({ name, core, size }) => {
    const column = Math.max(
      0,
      cores.findIndex((one) => one.name === core),
    );
    const made = box({ kind: 'memory', name, size, x: coreColumn(column), y: below[column] ?? top, height: MEMORY });
    below[column] = made.y + MEMORY + GAP;
    return made;
  });
  const actuatorBoxes = actuators.map(({ name, part }, index) =>
    box({ kind: 'actuator', name, detail: part, x: coreColumn(cores.length), y: stacked(index) }),
  );
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + 26;
  const width = MARGIN + COLUMN * (1 + cores.length + (actuators.length > 0 ? 1 : 0)) - (COLUMN - WIDE) + MARGIN;
  const cell = box({
    kind: 'battery',
    name: 'battery',
    size: battery.capacity,
    detail: battery.part,
    x: MARGIN,
    y: bottom + 8,
    height: Math.max(TALL, rails.length * RAIL - 8),
  });

  let lane = 0;
  const wires: Wire[] = [];
  const over = (
    from: Box,
    fromShare: number,
    to: ReadonlyArray<readonly [Box, number]>,
    kind: Wire['kind'],
    label: string,
  ) => {
    const y = MARGIN + 12 + lane++ * LANE;
    const start = from.x + from.width * fromShare;
    for (const [index, [box, share]] of to.entries()) {
      const end = box.x + box.width * share;
      wires.push({
        kind,
        label: index === to.length - 1 ? label : '',
        points: [
          [start, from.y],
          [start, y],
          [end, y],
          [end, box.y],
        ],
      });
    }
  };
  links.forEach(({ from, to, bandwidth }, index) => {
    const [a, b] = [coreBoxes.find(({ name }) => name === from), coreBoxes.find(({ name }) => name === to)];
    // Ends of several links at one core lie beside each other.
    const share = 0.9 - (index % 4) * 0.08;
    if (a !== undefined && b !== undefined) over(a, share, [[b, 0.28 + (index % 4) * 0.08]], 'link', bandwidth);
  });
  sensors.forEach((sensor, index) => {
    const heard = coreBoxes.filter(({ name }) => sensor.cores.includes(name));
    const box = sensorBoxes[index];
    if (box !== undefined && heard.length > 0)
      over(
        box,
        0.5,
        heard.map((core) => [core, 0.14] as const),
        'signal',
        '',
      );
  });

  const boxesOn = (rail: string): readonly Box[] => {
    const on = (own: ReadonlyArray<{ readonly rail: string }>, drawn: readonly Box[]) =>
      drawn.filter((_, index) => own[index]?.rail === rail);
    return [
      ...on(sensors, sensorBoxes),
      ...on(cores, coreBoxes),
      ...on(memories, memoryBoxes),
      ...on(actuators, actuatorBoxes),
    ];
  };
  const railLines = rails.map(({ name, volts, regulator }, index): RailLine => {
    // One drop a column, beside its boxes, so that it crosses none of them; the first column's on the right, where the rails begin.
    const columns = new Map<number, Box[]>();
    for (const one of boxesOn(name)) columns.set(one.x, [...(columns.get(one.x) ?? []), one]);
    return {
      name,
      detail: `${volts} V, ${regulator ?? 'from the battery directly'}`,
      y: cell.y + 18 + index * RAIL,
      from: cell.x + cell.width,
      to: width - MARGIN,
      taps: [...columns].map(([x, column]) => {
        const isFirst = x === MARGIN;
        return {
          x: isFirst ? x + WIDE + 8 + index * 4 : x - 8 - index * 4,
          toward: isFirst ? -1 : 1,
          ends: column.map(({ y, height }) => y + height / 2),
        };
      }),
    };
  });
  return { width, height: cell.y + cell.height + MARGIN, boxes, wires, rails: railLines };
}
