// `lightsleeper race` as a person runs it, on real sound.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { printRace, racePage } from '../../server/cli/print-race.ts';
import { total } from '../../server/runs/core-parts.ts';
import type { RaceStudy } from '../../server/runs/race/race.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scenario = join(root, 'scenarios', 'kitchen-day.yaml');
const folder = mkdtempSync(join(tmpdir(), 'lightsleeper-'));
const race = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'server', 'bin.js'), 'race', scenario, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });

describe('racing the keyword stage', () => {
  const { status, stdout, stderr } = race(
    '--stage',
    'keyword',
    '--duration',
    '10min',
    '--json',
    '--picture',
    'race.svg',
  );

  it('should compare every operating point with every set of power states over the same windows', () => {
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const study: RaceStudy = JSON.parse(stdout);
    expect(study).toMatchObject({ core: 'mcu', sharedWith: [], refused: [] });
    expect(new Set(study.results.map((result) => `${result.operatingPoint} ${result.powerStates}`)).size).toBe(10);
    const present = study.results.filter(({ isPresent }) => isPresent);
    expect(present).toMatchObject([{ operatingPoint: '160MHz', powerStates: ['sleep', 'stop2'] }]);
    for (const result of study.results) {
      // What is not dropped is worked on at every clock, and takes the core's own power for as long as the work is.
      if (result.dropped === 0) expect(result.windows).toBe(present[0].windows);
      expect(result.joules.sleep > 0).toBe(result.powerStates.includes('stop2'));
      expect(total(result.joules)).toBeLessThan(result.device * study.simulatedSeconds);
    }
    const busy = (clock: string) => study.results.find(({ operatingPoint }) => operatingPoint === clock)?.busy ?? 0;
    expect(busy('80MHz') / busy('160MHz')).toBeCloseTo(2, 2);
    for (const text of [printRace(study), racePage(study, 'lightsleeper race', 'race.svg')]) {
      expect(text).toMatch(/is best: the device draws|has the best already/);
      expect(text).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect(readFileSync(join(folder, 'race.svg'), 'utf8')).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('should say of a core with one operating point what to add, and of a wrong stage which there are', () => {
    expect(race('--stage', 'verify').stderr).toMatch(
      /pocket-assistant\.yaml:\d+: cores\[2\]\.operatingPoints: core app, where stage verify runs, has one operating point, 1250MHz.*add another with its clock, activePower, idlePower/,
    );
    expect(race('--stage', 'whisper')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there are activity, keyword, verify'),
    });
  });
});
