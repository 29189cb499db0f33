import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { figure } from '../../server/runs/files/schema.ts';
import { parseYaml } from '../../server/runs/files/yaml.ts';

const schema = z.strictObject({ power: figure('power') });
const read = (range: string, value = '3 mW') =>
  parseYaml(
    'x.yaml',
    `power:\n  value: ${value}\n  source: made up for a test\n  confidence: derived\n  range: ${range}\n`,
    schema,
  ).value.power;

describe('the range of a figure', () => {
  it('should be read with its units, and leave the value as it is', () => {
    expect(read('2500 uW to 4 mW')).toMatchObject({ value: 3e-3, text: '3 mW', range: { low: 2.5e-3, high: 4e-3 } });
  });

  it.each([
    ['4 mW to 2.5 mW', /x\.yaml:5: power\.range: .*upside down; write the smaller end first/],
    ['2.5 mW', /x\.yaml:5: power\.range: .*write it "low to high"/],
    ['2.5 mW to 4', /x\.yaml:5: power\.range: .*no unit/],
    ['4 mW to 5 mW', /x\.yaml:5: power\.range: the value 3 mW lies outside its range/],
  ])('should be refused with file, line and fix: %s', (range, words) => {
    expect(() => read(range)).toThrow(words);
  });
});
