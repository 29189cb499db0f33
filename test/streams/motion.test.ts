import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MotionSpec } from '../../server/streams/frames.ts';
import { readMotion } from '../../server/streams/motion-recording.ts';
import { MotionSource } from '../../server/streams/motion-source.ts';
import type { PlacedEvent, Spell } from '../../server/streams/schedule.ts';
import { decibels } from '../../server/units.ts';

const shipped = new URL('../../scenarios/recordings/motion/', import.meta.url);
const shippedClip = (kind: string) => {
  const [name] = readdirSync(new URL(`${kind}/`, shipped));
  return { path: name, values: readMotion(readFileSync(new URL(`${kind}/${name}`, shipped), 'utf8'), name, 50, 6) };
};

const HEAD = 'time_ms,ax,ay,az,gx,gy,gz';
const csv = (...lines: readonly string[]): string => [HEAD, ...lines].join('\n');
/** A sample whose axes are all proportional to time. */
const ramp = (ms: number): string => [ms, ...[1, 2, 3, 4, 5, 6].map((axis) => (axis * ms) / 1000)].join(',');

describe('a recording of motion', () => {
  it('should be the same movement however unevenly it was sampled', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 100, maxLength: 200 }), (steps) => {
        const times = [0];
        for (const step of steps) times.push(times[times.length - 1] + step);
        const last = times[times.length - 1];
        fc.pre(last > 100);
        const samples = readMotion(csv(...times.map(ramp)), 'a.csv', 50, 6);
        expect(samples.length).toBe(6 * Math.floor((last / 1000) * 50));
        for (let at = 0; at < samples.length; at++) {
          // Where several samples carry one time, the last of them counts.
          expect(samples[at]).toBeCloseTo(((at % 6) + 1) * (Math.floor(at / 6) / 50), 4);
        }
      }),
    );
  });

  it('should take the columns as phones name them, in any order, and pass over the others', () => {
    const text = 'label,z_acc,y_acc,x_acc,x_gyro,y_gyro,z_gyro,timestamp\nW,3,2,1,4,5,6,0\nW,3,2,1,4,5,6,100\n';
    expect([...readMotion(text, 'a.csv', 50, 6).subarray(0, 6)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...readMotion(text, 'a.csv', 50, 3).subarray(0, 3)]).toEqual([1, 2, 3]);
  });

  it.each([
    [
      'a column is missing',
      'time_ms,ax,ay\n0,1,2',
      /^a\.csv: line 1: there is no column az \(there are time_ms, ax, ay\)/,
    ],
    [
      'a value is no number',
      csv(ramp(0), '20,1,2,three,4,5,6'),
      /^a\.csv: line 3: column az holds "three" and no number$/,
    ],
    ['a line is cut short', csv(ramp(0), '20,1'), /^a\.csv: line 3: column ay holds "" and no number$/],
    ['time goes back', csv(ramp(100), ramp(40)), /^a\.csv: line 3: time goes back by 60 ms; sort the lines by time$/],
    ['something is missing', csv(ramp(0), ramp(20), ramp(4020)), /^a\.csv: line 4: 4\.0 s are missing before it; cut/],
    ['there is next to nothing', csv(ramp(0)), /^a\.csv: holds 1 lines of samples, too few at 50 Hz$/],
  ])('should say the line where %s', (_, text, message) => {
    expect(() => readMotion(text, 'a.csv', 50, 6)).toThrow(message);
  });
});

const spec: MotionSpec = {
  kind: 'motion',
  sampleRate: 50,
  channels: 6,
  hopSamples: 10,
  scale: Array.from({ length: 6 }, (_, axis) => ({ offset: axis === 2 ? 9.80665 : 0, factor: 0.1 })),
};
const clips = [shippedClip('walking'), shippedClip('seated')];
const walkingSamples = clips[0].values.length / 6;
const event: PlacedEvent = {
  label: 'walking',
  clip: 0,
  start: 1003,
  end: 1003 + walkingSamples,
  loudness: { kind: 'level', decibels: decibels(0) },
};
const spell: Spell = { clip: 1, start: 2000, end: 3000, offset: 17, level: decibels(0) };
const source = () =>
  new MotionSource(
    { kind: 'motion', frontEnd: spec, clips },
    { spells: [spell], events: [event], gains: [], failures: [] },
    7,
  );
const SIZE = 60;

describe('a stream of motion', () => {
  it('should be the same frames in stretches of any length', () => {
    const whole = source().read(-20, 360, 0, true);
    const frames = whole.frames.slice();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 340 }), fc.integer({ min: 1, max: 20 }), (from, count) => {
        const part = source().read(from - 20, count, 0, true);
        expect(part.frames).toEqual(frames.slice(from * SIZE, (from + count) * SIZE));
        expect(part.levels).toEqual(whole.levels.slice(from, from + count));
      }),
      { numRuns: 25 },
    );
  });

  it('should hold the recording as it was taken, and lie still where none is', () => {
    const { frames } = source().read(0, 300, 0, false);
    for (let sample = event.start + 20; sample < event.end - 20; sample++)
      for (let axis = 0; axis < 6; axis++) {
        const { offset, factor } = spec.scale[axis];
        const value = clips[0].values[(sample - event.start) * 6 + axis];
        expect(frames[sample * 6 + axis]).toBeCloseTo((value - offset) * factor, 5);
      }
    // Still: gravity and the sensor's noise, a hundredth of it and less.
    const still = frames.subarray(0, 900 * 6);
    expect(Math.max(...still.map(Math.abs))).toBeLessThan(0.01);
    expect(new Set(still).size).toBeGreaterThan(1000);
  });

  it('should have a level that tells walking from sitting and lying, as a motion engine does', () => {
    const { levels } = source().read(0, 300, 0, true);
    const between = (from: number, to: number) => levels.slice(Math.ceil(from / 10) + 1, Math.floor(to / 10) - 1);
    const median = (values: Float32Array) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
    expect(median(between(event.start, event.end))).toBeGreaterThan(-20);
    expect(median(between(2000, 3000))).toBeLessThan(-30);
    expect(Math.max(...between(0, 1000))).toBeLessThan(-40);
  });
});
