// The simulator and the derived profiles against published measurements: the goals, and that what is shipped is what the method makes.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { deriveFile } from '../../server/profiles/boards.ts';
import { errorOf, median, validationPage, widthOf } from '../../server/profiles/page.ts';
import { drawValidation } from '../../server/profiles/picture.ts';
import { simulateBenchmark } from '../../server/profiles/predict.ts';
import { validate } from '../../server/profiles/validation.ts';
import { deviceProfileSchema } from '../../server/runs/files/device-profile.ts';
import { withFigure } from '../../server/runs/files/figures.ts';
import { readYaml } from '../../server/runs/files/yaml.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${project}device-profiles`;
const validation = await validate(folder);
const { held } = validation;

describe('the streaming wake word of MLPerf Tiny', () => {
  it('should be predicted within 10 % in the median and 20 % at worst where sleep currents are sourced', () => {
    const errors = held.filter(({ sourced }) => sourced).map((one) => Math.abs(errorOf(one)));
    expect(errors.length).toBeGreaterThan(0);
    expect(median(errors)).toBeLessThan(0.1);
    expect(Math.max(...errors)).toBeLessThan(0.2);
  });

  it.each(held)('should lie within an interval no wider than 40 % either way: $title', (one) => {
    const { prediction, measured } = one;
    expect(measured.watts).toBeGreaterThan(prediction.watts.low);
    expect(measured.watts).toBeLessThan(prediction.watts.high);
    expect(measured.dutyCycle).toBeGreaterThan(prediction.dutyCycle.low);
    expect(measured.dutyCycle).toBeLessThan(prediction.dutyCycle.high);
    expect(widthOf(one)).toBeLessThan(0.4);
  });

  it('should hold boards of the same method to the same width, measured or not', () => {
    for (const { prediction, title } of validation.blind) {
      expect(prediction.watts.low, title).toBeGreaterThan(0.6 * prediction.nominal.watts);
      expect(prediction.watts.high, title).toBeLessThan(1.4 * prediction.nominal.watts);
    }
  });

  it('should come from the simulator: mean power is duty cycle times active power and the rest asleep', async () => {
    const path = `${folder}/stm32l4r5.yaml`;
    const device = await readYaml(path, deviceProfileSchema);
    const { watts, dutyCycle } = simulateBenchmark(device);
    const [{ operatingPoints, powerStates }] = device.value.cores;
    const active = operatingPoints[0].activePower.value;
    const asleep = powerStates[0].power.value;
    // A wake of 1 us each 32 ms at active power is not within the duty cycle.
    const waking = 1e-6 / 0.032;
    expect(watts).toBeCloseTo((dutyCycle + waking) * active + (1 - dutyCycle - waking) * asleep, 9);
    const { overheadPerInference, throughput } = operatingPoints[0];
    const seconds = overheadPerInference.value + 826_368 / throughput.conv.value + 35_497 / throughput.frontEnd.value;
    // The last of 37,500 windows ends with the stream and is not worked on.
    expect(dutyCycle).toBeCloseTo((seconds / 0.032) * (1 - 1 / 37_500), 6);
  });

  it('should move with a figure that is moved, and never be busier than always', async () => {
    const path = `${folder}/stm32u575.yaml`;
    const device = await readYaml(path, deviceProfileSchema);
    const { value } = device;
    const at = (rate: number) => simulateBenchmark({ ...device, value: withFigure(value, place, rate) });
    const place = ['cores', 0, 'operatingPoints', 0, 'throughput', 'conv'] as const;
    const rate = value.cores[0].operatingPoints[0].throughput.conv.value;
    expect(at(rate / 2).watts).toBeGreaterThan(at(rate).watts);
    const slow = at(rate / 20);
    expect(slow.dutyCycle).toBeGreaterThan(0.999);
    expect(slow.watts).toBeCloseTo(value.cores[0].operatingPoints[0].activePower.value, 4);
  });
});

describe('what is shipped', () => {
  it.each(['stm32u575', 'stm32l4r5', 'stm32h7a3', 'ndp9120', 'efr32xg24', 'gap9'])(
    'should be what the method makes of the board: %s',
    async (board) => {
      const made = await deriveFile(`${folder}/boards/${board}.yaml`);
      expect(await readFile(`${folder}/${board}.yaml`, 'utf8')).toBe(made);
    },
  );

  it('should be described as it is: run `npx lightsleeper validate --write docs` when this fails', async () => {
    expect(await readFile(`${project}docs/validation.md`, 'utf8')).toBe(validationPage(validation));
    expect(await readFile(`${project}docs/validation.svg`, 'utf8')).toBe(drawValidation(held));
  });
});
