// The same job as one would write it first: hop by hop, a frame in double precision, one window at a time through each model, the device stepped after
// each. Same recordings, models, hop, thresholds and power states; the starting power profile alone, without the baseline or a record.

import { InferenceSession, Tensor } from 'onnxruntime-node';
import { prepareRun } from '../../server/runs/simulate/engine.ts';
import { Simulator } from '../../server/simulator/simulator.ts';
import { LogMel } from '../../server/streams/front-end.ts';
import { Mixer } from '../../server/streams/mix.ts';
import type { Nanoseconds } from '../../server/units.ts';
import { type Benchmark, row } from './benchmark.ts';
import { scenario } from './day.ts';

const SECONDS = 600;

const coreSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** A model that takes one window at a time. */
async function openModel(bytes: Uint8Array, frames: number, bands: number) {
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  return async (past: Float32Array): Promise<number> => {
    const window = past.subarray(past.length - frames * bands);
    const results = await session.run({ [input]: new Tensor('float32', window, [1, frames, bands]) });
    return Number(results[output].data[0]);
  };
}

export const plain: Benchmark = {
  name: 'plain',
  title: 'a plain implementation: one window at a time',
  async run({ found }) {
    const run = await prepareRun({ scenario, speed: 'max', baseline: false, durationSeconds: SECONDS });
    const { loaded, sense, schedule, seed, events, windows } = run;
    const { plan } = run.compiled;
    const simulator = new Simulator(plan, events);
    if (sense.kind !== 'log-mel') throw new Error('the plain path hears sound');
    const { frontEnd: spec, clips } = sense;
    const mixer = new Mixer(loaded.stream, clips, schedule, seed);
    const logMel = new LogMel(spec);
    const models = await Promise.all(loaded.models.map(({ bytes, card }) => openModel(bytes, card.frames, spec.bands)));
    const { thresholds } = plan.policies[plan.startPolicy];
    const most = Math.max(...loaded.models.map(({ card }) => card.frames));
    const past = new Float32Array(most * spec.bands);
    const samples = new Float32Array(logMel.leadSamples + spec.hopSamples);
    const spent = { mix: 0, frontEnd: 0, models: 0, simulate: 0 };
    const began = coreSeconds();
    for (let window = 1 - most; window < windows; window++) {
      const marks = [coreSeconds()];
      mixer.render(window * spec.hopSamples - logMel.leadSamples, samples);
      marks.push(coreSeconds());
      past.copyWithin(0, spec.bands);
      logMel.into(samples, 1, past, past.length - spec.bands);
      marks.push(coreSeconds());
      const scores: number[] = [];
      if (window >= 0)
        for (const [stage, score] of models.entries()) {
          scores.push(await score(past));
          if (scores[stage] < thresholds[stage]) break;
        }
      marks.push(coreSeconds());
      if (window >= 0) {
        simulator.addScores({
          firstWindow: window,
          first: Float32Array.of(scores[0]),
          later: models.slice(1).map((_, index) => {
            const reached = scores.length > index + 1;
            return {
              windows: Float64Array.from(reached ? [window] : []),
              scores: Float32Array.from(reached ? [scores[index + 1]] : []),
            };
          }),
        });
        simulator.advance(((window + 1) * plan.hop) as Nanoseconds);
      }
      marks.push(coreSeconds());
      for (const [index, part] of (['mix', 'frontEnd', 'models', 'simulate'] as const).entries())
        spent[part] += marks[index + 1] - marks[index];
    }
    const all = coreSeconds() - began;
    const perHour = (all / SECONDS) * 3600;
    const fast = found['day']?.coreSecondsPerHour;
    const { truePositives, falseAccepts } = simulator.judge.state;
    return {
      coreSecondsPerHour: perHour,
      lines: [
        `  ${SECONDS / 60} min, ${windows} windows, ${truePositives} of ${events.length} heard, ${falseAccepts} false accepts: ${all.toFixed(1)} core-seconds, its own clock included`,
        ...Object.entries(spent).map(([name, seconds]) => row(name, seconds, all)),
        `  ${perHour.toFixed(1)} core-seconds an hour${fast === undefined ? '' : `; the day above takes ${fast.toFixed(2)}: ${(perHour / fast).toFixed(0)} times fewer`}`,
      ],
      figures: {
        seconds: SECONDS,
        windows,
        coreSeconds: all,
        parts: spent,
        coreSecondsPerHour: perHour,
        timesDay: fast === undefined ? null : perHour / fast,
      },
    };
  },
};
