// A synthetic recording of the shipped scenario: what the shipped device would draw while it hears the shipped stream. The scores are those
// of the real models on the real sound; what the device then draws is the bench's arithmetic, not the simulator's.

import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { benchPower, type Instrument, type Passing, record } from './bench.ts';
import { lehmer, pocketAssistant } from './pocket-assistant.ts';

export interface ShippedCapture {
  readonly scenario: string;
  readonly seconds: number;
  readonly instrument: Instrument;
  readonly change: Readonly<Record<string, number>>;
}

/** Writes it as nRF Connect Power Profiler does. */
export async function writeCapture(
  path: string,
  { scenario, seconds, instrument, change }: ShippedCapture,
): Promise<void> {
  // Threads that infer are started from what was built.
  const built: string = new URL('../../dist/server/runs/simulate/engine.js', import.meta.url).href;
  const { openRun }: typeof import('../../server/runs/simulate/engine.ts') = await import(built);
  const engine = await openRun({ scenario, durationSeconds: seconds, speed: 'max', baseline: false });
  const { plan } = engine.compiled;
  const { thresholds } = plan.policies[plan.startPolicy];
  const passing: readonly [Set<number>, Set<number>, Set<number>] = [new Set(), new Set(), new Set()];
  while (await engine.score());
  for (const { first, firstWindow, later } of engine.trace.chunks) {
    first.forEach((score, at) => {
      if (score >= thresholds[0]) passing[0].add(firstWindow + at);
    });
    later.forEach(({ windows, scores }, stage) => {
      windows.forEach((window, at) => {
        if (scores[at] >= thresholds[stage + 1]) passing[stage + 1].add(window);
      });
    });
  }
  engine.close();
  const power = benchPower(pocketAssistant(plan, change), passing satisfies Passing, seconds);
  function* lines() {
    let text = 'Timestamp(ms),Current(uA),D0-D7,D0,D1,D2,D3,D4,D5,D6,D7\n';
    for (const [time, amperes] of record(power, instrument, lehmer())) {
      text += `${(time * 1e3).toFixed(4)},${(amperes * 1e6).toFixed(3)},00000000,0,0,0,0,0,0,0,0\n`;
      if (text.length < 1 << 18) continue;
      yield text;
      text = '';
    }
    yield text;
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
}
