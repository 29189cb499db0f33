// Profiles against published measurements: the streaming benchmark, and every network of the benchmark against the others of its system.

import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { deviceProfileSchema } from '../runs/files/device-profile.ts';
import { name, quantity } from '../runs/files/schema.ts';
import { parseYaml, readYaml } from '../runs/files/yaml.ts';
import { NETWORK_MACS, type Network, networks } from './benchmark.ts';
import { type Board, boardSchema } from './board.ts';
import { deriveFile } from './boards.ts';
import { type Prediction, predict } from './predict.ts';
import { networkAt } from './work.ts';

const measuredSchema = z.strictObject({
  source: z.string(),
  systems: z.array(
    z.strictObject({
      board: name,
      power: quantity('power'),
      dutyCycle: z.number().min(0).max(1),
      /** Which cost the prediction lacks. */
      missing: z.string(),
    }),
  ),
});

export interface Measured {
  readonly board: string;
  readonly watts: number;
  readonly dutyCycle: number;
  readonly missing: string;
}

export interface Held {
  readonly title: string;
  readonly measured: Measured;
  readonly prediction: Prediction;
  /** Its sleep power follows from published currents of the chip itself. */
  readonly sourced: boolean;
  readonly activeWatts: number;
  readonly sleepWatts: number;
}

export interface Blind {
  readonly board: string;
  readonly title: string;
  readonly prediction: Prediction;
}

/** One network predicted from the others of the same system. */
export interface LeftOut {
  readonly system: string;
  readonly network: Network;
  readonly measuredSeconds: number;
  readonly predictedSeconds: number;
  readonly measuredWatts: number;
  readonly predictedWatts: number;
  readonly within: boolean;
}

export interface Validation {
  readonly source: string;
  readonly held: readonly Held[];
  readonly blind: readonly Blind[];
  readonly leftOut: readonly LeftOut[];
}

/** @param folder device-profiles @throws {InputProblem} */
export async function validate(folder: string): Promise<Validation> {
  const measured = await readYaml(join(folder, 'measured', 'streaming-wake-word.yaml'), measuredSchema);
  const held = await Promise.all(
    measured.value.systems.map(async ({ board, power, ...system }): Promise<Held> => {
      const path = join(folder, `${board}.yaml`);
      const profile = await readYaml(path, deviceProfileSchema);
      const { value } = profile;
      const [core] = value.cores;
      return {
        title: value.title,
        measured: { board, watts: power, ...system },
        prediction: predict(profile),
        sourced: core.powerStates[0].power.confidence !== 'estimated',
        activeWatts: core.operatingPoints[0].activePower.value,
        sleepWatts: core.powerStates[0].power.value,
      };
    }),
  );
  const files = (await readdir(join(folder, 'boards'))).filter((file) => file.endsWith('.yaml')).sort();
  const boards = files.map((file) => join(folder, 'boards', file));
  const blind: Blind[] = [];
  const leftOut = new Map<string, readonly LeftOut[]>();
  for (const path of boards) {
    const board = basename(path, '.yaml');
    const { value } = await readYaml(path, boardSchema);
    for (const one of leaveOneOut(value)) leftOut.set(`${one.system} ${one.network}`, [one]);
    if (held.some((other) => other.measured.board === board)) continue;
    const device = parseYaml(path, await deriveFile(path), deviceProfileSchema);
    blind.push({ board, title: value.title, prediction: predict(device) });
  }
  return { source: measured.value.source, held, blind, leftOut: [...leftOut.values()].flat() };
}

function leaveOneOut(board: Board): readonly LeftOut[] {
  return board.inference.flatMap((inference) =>
    networks.flatMap((network): readonly LeftOut[] => {
      const { [network]: row, ...others } = inference.rows;
      if (row === undefined || row.energy === undefined || Object.keys(others).length === 0) return [];
      const macs = NETWORK_MACS[network];
      const { overhead, rate, power } = networkAt({ ...inference, rows: others }, macs);
      if (power === null) return [];
      const seconds = (rateOf: number) => overhead + macs / rateOf;
      return [
        {
          system: inference.source,
          network,
          measuredSeconds: row.latency,
          predictedSeconds: seconds(rate.value),
          measuredWatts: row.energy / row.latency,
          predictedWatts: power.value,
          within: row.latency <= seconds(rate.low ?? rate.value) && row.latency >= seconds(rate.high ?? rate.value),
        },
      ];
    }),
  );
}
