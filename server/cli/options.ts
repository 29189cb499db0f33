// How options of the command line are read.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseQuantity } from '../runs/files/quantity.ts';
import type { RunRequest } from '../runs/process/messages.ts';

export const quantityOption = (dimension: 'time' | 'share' | 'voltage') => (text: string) => {
  const bare = dimension === 'share' && /^[\d.]+$/.test(text) ? Number(text) : text;
  const parsed = parseQuantity(dimension, bare);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.problem);
  return parsed.value;
};

export const wholeNumber = (low: number, high: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < low || value > high)
    throw new InvalidArgumentError(`"${text}" is not a whole number from ${low} to ${high}.`);
  return value;
};

export const speedOption = (text: string): number | 'max' => {
  if (text === 'max') return text;
  const value = Number(text);
  if (!(value >= 1 && value <= 10_000))
    throw new InvalidArgumentError(`"${text}" is neither "max" nor a number from 1 to 10000.`);
  return value;
};

/** What a run is asked for on the command line, without its pace. */
export interface StreamOptions {
  readonly duration?: number;
  readonly seed?: number;
}
export interface SimulationOptions extends StreamOptions {
  readonly startSoc?: number;
  readonly powerProfile?: string;
  readonly threads?: number;
}

/** Made anew for each command that takes them. */
export const simulationOptions = {
  duration: () => new Option('--duration <time>', 'simulated time, e.g. 1h').argParser(quantityOption('time')),
  seed: () => new Option('--seed <number>', 'seed of the stream').argParser(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
  startSoc: () => new Option('--start-soc <share>', 'charge at the start, e.g. 30%').argParser(quantityOption('share')),
  powerProfile: () => new Option('--power-profile <name>', "one of the device's power profiles"),
  threads: () => new Option('--threads <number>', 'threads that infer').argParser(wholeNumber(1, 64)),
};

export const addStreamOptions = (command: Command): Command =>
  command.addOption(simulationOptions.duration()).addOption(simulationOptions.seed());

export const addSimulationOptions = (command: Command): Command =>
  addStreamOptions(command)
    .addOption(simulationOptions.startSoc())
    .addOption(simulationOptions.powerProfile())
    .addOption(simulationOptions.threads());

/** A run at full speed, without its baseline. */
export const requestOf = (scenario: string, options: SimulationOptions): RunRequest => ({
  scenario,
  speed: 'max',
  baseline: false,
  ...(options.duration === undefined ? {} : { durationSeconds: options.duration }),
  ...(options.seed === undefined ? {} : { seed: options.seed }),
  ...(options.startSoc === undefined ? {} : { startSoc: options.startSoc }),
  ...(options.powerProfile === undefined ? {} : { powerProfile: options.powerProfile }),
  ...(options.threads === undefined ? {} : { threads: options.threads }),
});
