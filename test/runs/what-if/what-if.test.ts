// What-ifs against runs of their own, over the shipped scenario with its recordings and models.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as MakeReport from '../../../server/runs/report/make-report.ts';
import type { RunReport } from '../../../server/runs/report/report.ts';
import type * as Tally from '../../../server/runs/report/tally.ts';
import type * as Engine from '../../../server/runs/simulate/engine.ts';
import type * as Memo from '../../../server/runs/simulate/memo.ts';
import type * as Change from '../../../server/runs/what-if/change.ts';
import type * as WhatIf from '../../../server/runs/what-if/what-if.ts';

// Threads that score run the built program, and so does all that talks to them.
const built = <Module>(path: string): Promise<Module> =>
  import(new URL(`../../../dist/server/runs/${path}.js`, import.meta.url).href);
const { openRun, startScoring } = await built<typeof Engine>('simulate/engine');
const { makeReport } = await built<typeof MakeReport>('report/make-report');
const { Tally: NewTally } = await built<typeof Tally>('report/tally');
const { parseChange } = await built<typeof Change>('what-if/change');
const { newMemo } = await built<typeof Memo>('simulate/memo');
const { answer, extendTrace, variantOf, whatIf } = await built<typeof WhatIf>('what-if/what-if');

const scenario = fileURLToPath(new URL('../../../scenarios/kitchen-day.yaml', import.meta.url));
const request = { scenario, speed: 'max', baseline: true, durationSeconds: 400, threads: 1 } as const;

async function finish(engine: Engine.RunEngine): Promise<RunReport> {
  const tally = new NewTally(engine.compiled.plan.stages);
  while (await engine.score()) tally.add(engine.advance(engine.horizon()));
  engine.close();
  return makeReport(engine, tally, () => 0);
}

/** What does not tell how fast it was. */
const withoutWall = ({ wallSeconds: _, cost: __, ...report }: RunReport) => report;
/** A run of its own, that knows nothing of what was asked before. */
const runOf = (variant: Engine.PreparedRun) => finish(startScoring({ ...variant, memo: newMemo() }));
const changes = (...written: string[]) => written.map(parseChange);

let run: Engine.RunEngine;
let report: RunReport;
beforeAll(async () => {
  run = await openRun(request);
  report = await finish(run);
});
afterAll(() => run.close());

describe('a what-if', () => {
  it('should report what the run did where nothing is changed', async () => {
    expect(withoutWall(await whatIf(run, run.trace, []))).toEqual(withoutWall(report));
  });

  it.each([
    [['cascade.keyword.threshold=0.95', 'cascade.verify.threshold=0.9']],
    [['powerProfile=saver', 'startCharge=19 %']],
    [['cascade.activity.hysteresis=0.2', 'cascade.keyword.smooth=3']],
    [['cascade.keyword.secondChance={ within: 0.3, by: 0.6, for: 60 s }', 'cascade.verify.threshold=0.3']],
    [['powerProfile=always-listening', 'startCharge=0.2000001']],
    [['cores.dsp.operatingPoint=49MHz', 'powerProfiles.balanced.sensor.batch=3']],
    [['cascade.keyword.core=app']],
    [['battery.capacity=1 mAh', 'battery.resistance=0.4 Ohm', 'startCharge=60 %']],
    [['rails.application.regulator.quiescentCurrent=90 uA', 'actuators.radio.duration=2 s', 'cascade.verify.hold=0 s']],
  ])('should report what a run of its own would, digit for digit: %s', async (written) => {
    const answered = await whatIf(run, run.trace, changes(...written));
    const fresh = await runOf(variantOf(run, changes(...written)));
    expect(withoutWall(answered)).toEqual(withoutWall(fresh));
    expect(withoutWall(answered)).not.toEqual(withoutWall(report));
  });

  it('should simulate again only what a change concerns', async () => {
    const stored = vi.spyOn(run.memo.powers, 'set');
    const quiet = vi.spyOn(run.memo.quiet, 'set');
    await whatIf(run, run.trace, changes('battery.capacity=400 mAh', 'cascade.keyword.threshold=0.99'));
    expect(stored).not.toHaveBeenCalled();
    await whatIf(run, run.trace, changes('powerProfiles.saver.sensor.batch=4'));
    expect(stored).toHaveBeenCalledOnce();
    await whatIf(run, run.trace, changes('cores.mcu.operatingPoint=80MHz'));
    expect(quiet).toHaveBeenCalled();
  });

  it('should infer just the windows that a lower threshold lets through', async () => {
    // One gate and then the other, so that both together need more than either did.
    await extendTrace(variantOf(run, changes('cascade.keyword.threshold=0.35')), run.trace);
    const written = changes('cascade.activity.threshold=0.3', 'cascade.keyword.threshold=0.35');
    const variant = variantOf(run, written);
    const reached = run.trace.chunks.reduce((sum, { later }) => sum + later[0].windows.length, 0);
    const inferred = await extendTrace(variant, run.trace);
    const after = run.trace.chunks.reduce((sum, { later }) => sum + later[0].windows.length, 0);
    expect(after).toBeGreaterThan(reached);
    expect(inferred).toBeGreaterThanOrEqual(after - reached);
    expect(inferred).toBeLessThan(run.windows / 4);
    expect(await extendTrace(variant, run.trace)).toBe(0);
    const fresh = await runOf(variant);
    expect(withoutWall(await whatIf(run, run.trace, written))).toEqual(withoutWall(fresh));
    // More scores than needed change nothing.
    expect(withoutWall(await whatIf(run, run.trace, []))).toEqual(withoutWall(report));
  });

  it('should give the few figures of a sweep as the report has them', async () => {
    const few = await answer(run, run.trace);
    expect(few.lifeHours).toBe(report.battery.lifeHours);
    expect(few.missRate).toBeCloseTo(report.detections.missRate, 12);
    expect(few.falseAcceptsPerHour).toBeCloseTo(report.detections.falseAcceptsPerHour, 12);
  });

  it.each([
    ['cascade.keywrod.threshold=0.6', 'there is no "keywrod"; there are activity, keyword, verify'],
    ['cascade.keyword.threshold=1.6', 'cascade.1.gate.threshold: it is too much; give at most 1'],
    ['cascade.keyword.model=other.onnx', 'another model scores differently, so that it needs a run of its own'],
    ['cascade.keyword.core=gpu', 'core "gpu" does not exist; the device has dsp, mcu, app'],
    ['cascade.verify.core=dsp', 'short by'],
    ['powerProfile=turbo', 'there are always-listening, balanced, saver'],
    ['cores.dsp.operatingPoint=99MHz', 'there are 30MHz, 49MHz'],
    ['battery.capacity=500 mA', '"mA" is not a unit of charge'],
    ['battery.size=5', 'battery: '],
    ['batery.capacity=500 mAh', 'there is no "batery"; there are'],
    ['startCharge=0', 'give more than 0 and at most 100 %'],
    ['streams.0.noiseFloor=-50 dB', 'this changes what is heard'],
  ])('should say of %s what is wrong', async (written, problem) => {
    await expect(whatIf(run, run.trace, changes(written))).rejects.toThrow(problem);
  });

  it('should say what it wants where there is no change in it', () => {
    expect(() => parseChange('cascade.keyword')).toThrow('write it like cascade.keyword.threshold=0.6');
  });
});
