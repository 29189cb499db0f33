// The shipped day, end to end: a run's own process, cold, with decoding, mixing, front end, models, device, baseline and report.

import { join } from 'node:path';
import { projectFolder } from '../../server/project.ts';
import { startRun } from '../../server/runs/process/process-client.ts';
import type { RunReport } from '../../server/runs/report/report.ts';
import { type Benchmark, row } from './benchmark.ts';

export const scenario = join(projectFolder(), 'scenarios', 'kitchen-day.yaml');

async function runFor(hours: number): Promise<RunReport> {
  const request = { scenario, speed: 'max', baseline: true, durationSeconds: hours * 3600 } as const;
  const outcome = await startRun(request, {}).done;
  if (outcome.kind !== 'finished') throw new Error(JSON.stringify(outcome));
  return outcome.report;
}

export const day: Benchmark = {
  name: 'day',
  title: 'the kitchen day end to end',
  async run({ hours }) {
    const report = await runFor(hours);
    const { cost, stages, stream } = report;
    const { models, process: all, ...parts } = cost.coreSeconds;
    const named = { ...parts, ...Object.fromEntries(Object.entries(models).map(([name, s]) => [`model ${name}`, s])) };
    // On a busy machine, threads that wait for a core count as computing where Node cannot tell (thread-seconds.ts).
    const counted = Object.values(named).reduce((sum, seconds) => sum + seconds, 0);
    const share = Math.max(all, counted);
    const short = Math.min(1, hours / 2);
    const { peakMegabytes } = (await runFor(short)).cost;
    return {
      coreSecondsPerHour: all / hours,
      lines: [
        `  ${hours} h, ${stream.windows} windows, ${stages.map(({ name, reach }) => `${(100 * reach).toPrecision(3)} % reach ${name}`).join(', ')}`,
        `  ${report.wallSeconds.toFixed(1)} s on the clock with ${cost.inferenceThreads} threads that score, ${all.toFixed(1)} core-seconds:`,
        ...Object.entries(named).map(([name, seconds]) => row(name, seconds, share)),
        ...(all > counted ? [row('start and all else', all - counted, share)] : []),
        `  at most ${cost.peakMegabytes.toFixed(0)} MB resident; ${peakMegabytes.toFixed(0)} MB over ${short} h`,
      ],
      figures: {
        hours,
        windows: stream.windows,
        wallSeconds: report.wallSeconds,
        timesRealTime: (hours * 3600) / report.wallSeconds,
        coreSecondsPerHour: all / hours,
        threads: cost.inferenceThreads,
        reach: Object.fromEntries(stages.map(({ name, reach }) => [name, reach])),
        coreSeconds: cost.coreSeconds,
        peakMegabytes: { [hours]: cost.peakMegabytes, [short]: peakMegabytes },
      },
    };
  },
};
