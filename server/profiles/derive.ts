// From a board's published figures to its device profile, by one set of rules for all boards.

import { FRONT_END_OPERATIONS } from './benchmark.ts';
import type { Board } from './board.ts';
import { CYCLES, DOUBT } from './evidence.ts';
import { sleepPower } from './rest.ts';
import { networkWork } from './work.ts';
import { type WrittenFigure, write, writeFigure } from './written.ts';

const AS_WRITTEN = ({
  text,
  source,
  confidence,
}: {
  text: string;
  source: string;
  confidence: WrittenFigure['confidence'];
}): WrittenFigure => ({
  value: text,
  source,
  confidence,
});

const NOTHING = 'derived' as const;
const zero = (unit: 'W' | 's', source: string): WrittenFigure => writeFigure({ value: 0 }, unit, NOTHING, source);

/** Operations a second of the benchmark's front end on this board. */
function frontEndRate(board: Board): WrittenFigure {
  const { single, double } = FRONT_END_OPERATIONS;
  const operations = single + double;
  if (board.frontEnd === 'hardware')
    return writeFigure(
      { value: 1e12 },
      'op/s',
      'estimated',
      'the front end is hardware that works while samples come in; its power is within the sleep power',
    );
  const cycles = CYCLES[board.frontEnd];
  const needed = single * cycles.single + double * cycles.double;
  const value = (operations / needed) * board.streaming.clock;
  return writeFigure(
    { value, low: value / (1 + DOUBT), high: value * (1 + DOUBT) },
    'op/s',
    'estimated',
    `the reference firmware's front end: ${single} operations in single precision x ${cycles.single.toFixed(2)} cycles + ${double} in double x ${cycles.double.toFixed(1)} = ${Math.round(needed / 1e3)} thousand cycles a window (${cycles.source})`,
  );
}

/**
 * A device profile as a file holds it: one core, a microphone that costs nothing (the benchmark feeds audio over I2S), a cell.
 * @throws {RangeError} when the board has neither energies nor run currents
 */
export function deriveProfile(board: Board) {
  const work = networkWork(board);
  if (work.power === null)
    throw new RangeError('there is no power: give energies in `inference` rows, or run currents in `dataSheet`');
  const own = write(board.streaming.clock, 'Hz');
  const point = own.replace(/\s/g, '').replace('.', '-');
  const active = writeFigure(work.power, 'W', 'derived', `${work.source}; energy over time at the wake word's size`);
  const rate = (what: string) =>
    writeFigure(
      work.rate,
      'MAC/s',
      'derived',
      `${work.source}: ${what}; ranged by how far the rates of its networks lie apart`,
    );
  const sleep = sleepPower(board, work.power);
  const store = board.memory.store;
  const retained = 'within the sleep power';
  const memory = (name: string, size: NonNullable<typeof store>, nonVolatile: boolean) => ({
    name,
    size: AS_WRITTEN(size),
    reserved: {
      value: '64 kB',
      source: 'program, stacks and DMA buffers of a small firmware',
      confidence: 'estimated',
    },
    core: 'core',
    rail: 'supply',
    ...(nonVolatile ? { nonVolatile } : {}),
    onPower: zero('W', 'within the active power, which was taken with it'),
    retentionPower: zero('W', retained),
    bandwidth: { value: '100 MB/s', source: 'no weights move: they are read where they are', confidence: 'estimated' },
    energyPerByte: { value: '0 nJ/B', source: 'within the active power, which was taken with it', confidence: NOTHING },
  });
  return {
    title: board.title,
    description: board.description,
    rails: [
      {
        name: 'supply',
        description:
          'figures hold their converter; a cell of another voltage than the board takes wants a regulator here',
        voltage: write(board.supply, 'V'),
        brownOut: {
          value: write(board.supply * 0.9, 'V'),
          source: 'ten percent under the supply',
          confidence: 'estimated',
        },
      },
    ],
    battery: CELL,
    memories: [memory('sram', board.memory.ram, false), ...(store === undefined ? [] : [memory('store', store, true)])],
    links: [],
    sensors: [
      {
        name: 'microphone',
        kind: 'microphone',
        part: 'audio over I2S',
        rail: 'supply',
        sampleRate: '16 kHz',
        bytesPerSample: 2,
        fifo: { value: '2 kB', source: 'DMA double buffer of two hops of 512 samples', confidence: NOTHING },
        modes: [
          {
            name: 'fed',
            power: zero('W', "the benchmark's interface board drives the audio; no microphone is in its figures"),
          },
        ],
        interfaces: [
          {
            core: 'core',
            rail: 'supply',
            power: zero('W', 'audio input and DMA are within the sleep and active power'),
          },
        ],
      },
    ],
    cores: [
      {
        name: 'core',
        part: board.part,
        kind: board.kind,
        rail: 'supply',
        precision: 'int8',
        queue: 4,
        workMemory: 'sram',
        weightMemories: [store === undefined ? 'sram' : 'store'],
        operatingPoints: [
          {
            name: point,
            clock: own,
            ...(board.streaming.voltage === undefined ? {} : { voltage: write(board.streaming.voltage, 'V') }),
            activePower: active,
            throughput: {
              conv: rate('a whole network of convolutions'),
              depthwise: rate('the same, depthwise layers are within it'),
              dense: rate('the same'),
              other: writeFigure(
                { value: board.streaming.clock / 2 },
                'op/s',
                'estimated',
                'half an operation a cycle',
              ),
              frontEnd: frontEndRate(board),
            },
            overheadPerInference: writeFigure({ value: work.overhead }, 's', 'derived', work.source),
            overheadPerLayer: zero('s', 'within the rates, which are of whole networks'),
          },
        ],
        powerStates: [
          {
            name: 'sleep',
            power: sleep,
            entryLatency: zero('s', 'WFI: within a few cycles'),
            exitLatency: AS_WRITTEN(board.sleep.wake),
            live: ['microphone'],
            wakeSources: ['microphone', 'timer'],
            retains: ['sram', ...(store === undefined ? [] : ['store'])],
          },
        ],
        boot: {
          latency: { value: '30 ms', source: 'reset, clocks, firmware start', confidence: 'estimated' },
          power: { value: active.value, source: 'as active', confidence: 'derived' },
        },
      },
    ],
    trigger: {},
    powerProfiles: [
      {
        name: 'streaming',
        description: 'As the benchmark measures it: awake for each window, asleep between.',
        cores: { core: { operatingPoint: point } },
        sensor: { mode: 'fed', batch: 1 },
      },
    ],
  };
}

/** Published in full, so that a board can be run for as long as its cell lasts. */
const CELL = {
  part: '850 mAh Li-ion polymer pouch',
  capacity: {
    value: '850 mAh',
    source: 'M. Chen, G. A. Rincon-Mora, IEEE Trans. Energy Convers. 21(2), 2006: TCL PL-383562',
    confidence: 'measured',
  },
  openCircuit: {
    source: 'same paper: -1.031 exp(-35 s) + 3.685 + 0.2156 s - 0.1178 s^2 + 0.3201 s^3, evaluated',
    confidence: 'measured',
    points: [
      { charge: '100 %', voltage: '4.103 V' },
      { charge: '80 %', voltage: '3.946 V' },
      { charge: '60 %', voltage: '3.841 V' },
      { charge: '40 %', voltage: '3.773 V' },
      { charge: '20 %', voltage: '3.725 V' },
      { charge: '10 %', voltage: '3.675 V' },
      { charge: '5 %', voltage: '3.516 V' },
      { charge: '2 %', voltage: '3.177 V' },
      { charge: '0 %', voltage: '2.654 V' },
    ],
  },
  resistance: {
    value: '74.5 mOhm',
    source: 'same paper: series resistance between 20 and 100 % of charge',
    confidence: 'measured',
  },
  polarisation: {
    resistance: {
      value: '96 mOhm',
      source: 'same paper, its two RC pairs (46.7 and 49.8 mOhm) taken as one',
      confidence: 'derived',
    },
    timeConstant: {
      value: '90 s',
      source: "between the paper's 33 s and 223 s, their geometric mean 86 s",
      confidence: 'derived',
    },
  },
  selfDischarge: {
    value: '2 %/month',
    source: 'typical of Li-ion at 25 C with its protection circuit',
    confidence: 'estimated',
  },
  cutoff: { value: '3.0 V', source: 'usual discharge cutoff of Li-ion polymer cells', confidence: 'datasheet' },
} as const;
