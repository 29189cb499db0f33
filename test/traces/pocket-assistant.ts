// The shipped device on a bench.

import type { Plan } from '../../server/simulator/plan.ts';
import type { BenchDevice } from './bench.ts';

/** The pocket assistant as somebody would write it down who never saw the simulator; `change` is what this one has otherwise. */
export function pocketAssistant(plan: Plan, change: Readonly<Record<string, number>> = {}): BenchDevice {
  const at = (name: string, usual: number) => change[name] ?? usual;
  const us = 1e-6;
  const [activity, keyword, verify] = plan.stages;
  const work = (stage: typeof activity) => stage.work[0].reduce((sum, { duration }) => sum + duration / 1e9, 0);
  const dspActive = at('dsp active', 1.34e-3);
  const dspIdle = at('dsp idle', 0.22e-3);
  const mcuActive = at('mcu active', 23.1e-3);
  const mcuSleep = at('mcu sleep', 7.5e-3);
  const appActive = at('app active', 420e-3);
  const appIdle = at('app idle', 300e-3);
  return {
    hop: 0.02,
    dsp: {
      active: dspActive,
      waiting: dspIdle,
      shallow: { watts: dspIdle, enter: [1 * us, dspIdle], leave: [1 * us, dspActive] },
      deep: null,
    },
    mcu: {
      active: mcuActive,
      waiting: mcuSleep,
      shallow: { watts: mcuSleep, enter: [1 * us, mcuSleep], leave: [1 * us, mcuActive] },
      deep: { watts: 25.7e-6, enter: [10 * us, mcuSleep], leave: [885 * us, 10e-3], patience: 900 * us },
    },
    app: {
      active: appActive,
      waiting: appIdle,
      shallow: { watts: appIdle, enter: [1 * us, appIdle], leave: [1 * us, appActive] },
      deep: { watts: 3.44e-3, enter: [50e-3, 300e-3], leave: [385e-3, at('app wake', 300e-3)], patience: 0.2 },
    },
    work: [work(activity), work(keyword), work(verify)],
    windowBytes: [keyword.windowBytes, verify.windowBytes],
    hopBytes: keyword.hopBytes,
    bytesPerSecond: 2.5e6,
    linkDelay: [5 * us, 100 * us],
    linkWatts: 0.49e-9 * 2.5e6,
    preRollBytes: 12_000,
    answer: 1.5,
    radio: { idle: 5.4e-6, active: 12.5e-3, seconds: 0.08 },
    hold: 1.5,
    steady: at('microphone', 333e-6) + 45e-6 + 1.3e-6,
    regulators: plan.rails.map(({ regulator }) => ({
      quiescent: regulator.quiescent,
      curve: regulator.efficiency.map(({ load, ratio }) => [load, ratio] as const),
    })),
  };
}

/** A generator of test noise: the same every time. */
export function lehmer(): () => number {
  let state = 20_240_229;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
