// Why one placement draws more than another, on draws that are known and on the real command's word for it.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Draw, reasonsFor } from '../../../server/runs/placements/why.ts';
import { ended, startCommand } from '../../cli/command.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const draw = (what: string, part: Draw['part'], milliwatts: number): Draw => ({ what, part, rail: 'main', milliwatts });

describe('reasons', () => {
  const before = [draw('mcu', 'active', 1), draw('mcu', 'sleep', 0.2), draw('dsp', 'active', 2), draw('link', null, 0)];

  it('should be what changed most, as many as make up most of it', () => {
    const after = [
      draw('mcu', 'active', 5),
      draw('mcu', 'sleep', 0.1),
      draw('dsp', 'active', 0.5),
      draw('link', null, 0.1),
    ];
    expect(reasonsFor(before, after)).toEqual([
      { what: 'mcu', part: 'active', rail: 'main', before: 1, after: 5 },
      { what: 'dsp', part: 'active', rail: 'main', before: 2, after: 0.5 },
    ]);
    expect(reasonsFor(before, after, 0.5)).toHaveLength(1);
    expect(reasonsFor(before, after, 1)).toHaveLength(3);
  });

  it('should be none where nothing changed', () => {
    expect(reasonsFor(before, before)).toEqual([]);
  });
});

describe('lightsleeper placements', () => {
  const placements = (name: string, ...argv: readonly string[]) =>
    ended(startCommand(root, 'placements', `scenarios/${name}.yaml`, ...argv));

  it('should say of a band with one core, whose network is in three parts, why each is where it is', async () => {
    const { out, err, code } = await placements('walking-band', '--duration', '1h');
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toMatch(/^- with steps not on mcu: the device has no other core$/m);
    expect(out).toMatch(
      /^- without moves: steps on mcu → walks on mcu lasts .*since mcu works more \([\d.]+ µW → [\d.]+ µW on radio-mcu\)/m,
    );
    expect(out).not.toMatch(/NaN|undefined|Not possible/);
  });

  it('should say of a camera which core wakes and waits for it', async () => {
    const { out, err, code } = await placements('roadside-camera', '--duration', '1h', '--max-latency', '0ms');
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toMatch(
      /^- with glance not on mcu: .* since app waits awake longer \([\d.]+ (µ|m)W → \d+ mW on application\)$/m,
    );
    expect(out).toMatch(/app wakes (more|less) often, \d+ → \d+ times an hour/);
    expect(out).not.toMatch(/NaN|undefined|latency/);
  });
});
