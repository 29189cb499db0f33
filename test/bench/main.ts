// Measures what a run costs, side by side on one machine, and writes the figures as JSON: npm run bench -- --hours 24

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Command, InvalidArgumentError } from 'commander';
import { V8_FLAGS } from '../../server/runs/process/v8-flags.ts';
import type { Benchmark, BenchResult } from './benchmark.ts';
import { day } from './day.ts';
import { device } from './device.ts';
import { machine } from './machine.ts';
import { plain } from './plain.ts';
import { whatIfs } from './what-if.ts';

// What is measured within this process is measured as a run's process has it.
for (const flag of V8_FLAGS) setFlagsFromString(flag);

/** In the order in which they run. */
const BENCHMARKS: readonly Benchmark[] = [day, plain, device, whatIfs];

const hoursOption = (text: string): number => {
  const hours = Number(text);
  if (!(hours > 0 && hours <= 2400)) throw new InvalidArgumentError('Give hours, more than 0 and at most 2400.');
  return hours;
};

const command = new Command('bench')
  .description('measure what a run costs')
  .option('--hours <number>', 'length of the simulated day', hoursOption, 24)
  .option('--only <names...>', `some of: ${BENCHMARKS.map(({ name }) => name).join(', ')}`)
  .option('--path <file>', 'where the figures go', 'test-results/bench.json')
  .parse();
const { hours, only, path } = command.opts<{ hours: number; only?: readonly string[]; path: string }>();
for (const name of only ?? [])
  if (!BENCHMARKS.some((benchmark) => benchmark.name === name)) command.error(`There is no benchmark "${name}".`);

const where = machine();
const engines = Object.entries(where.engines).map(([name, version]) => `${name} ${version}`);
console.log(
  `${where.processor}, ${where.cores} cores, ${where.gigabytes} GB, ${where.platform}; ${engines.join(', ')}`,
);
if (where.load > 0.5)
  console.log(
    `The machine is busy (load ${where.load.toFixed(1)}): times on the clock are too long, and core-seconds, too.`,
  );
const found: Record<string, BenchResult> = {};
for (const { name, title, run } of BENCHMARKS) {
  if (only !== undefined && !only.includes(name)) continue;
  console.log(`\n${name}: ${title}`);
  found[name] = await run({ hours, found });
  console.log(found[name].lines.join('\n'));
}
const figures = Object.fromEntries(Object.entries(found).map(([name, result]) => [name, result.figures]));
mkdirSync(dirname(path), { recursive: true });
writeFileSync(
  path,
  `${JSON.stringify({ machine: where, at: new Date().toISOString(), benchmarks: figures }, null, 2)}\n`,
);
console.log(`\nwritten to ${path}`);
