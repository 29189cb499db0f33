import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { dischargeAll, drawCell, readCell } from '../../server/batteries/cell-file.ts';

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));

describe('a cell on the bench', () => {
  test.each([
    ['device-profiles/pocket-assistant.yaml', 4],
    ['docs/batteries/cgr18650da.yaml', 3],
  ])('gives less the faster and the colder it is drawn from: %s', async (file, rates) => {
    const cell = await readCell(path(file));
    const results = dischargeAll(cell);
    expect(results).toHaveLength(rates);
    const given = results.map(({ coulombs }) => coulombs);
    for (const { curve, joules, coulombs } of results) {
      const [[, first]] = curve;
      const [, last] = curve[curve.length - 1];
      expect(first).toBeGreaterThan(last);
      expect(Math.abs(last - cell.plan.cutoff)).toBeLessThan(0.05);
      expect(joules / coulombs).toBeGreaterThan(cell.plan.cutoff);
      expect(joules / coulombs).toBeLessThan(first);
    }
    expect(given[0]).toBeGreaterThan(given[1]);
    expect(given[1]).toBeGreaterThan(given[2]);
    if (rates === 4) expect(given[3]).toBeLessThan(given[1]);
    for (const picture of Object.values(drawCell(cell, results))) {
      expect(picture).toMatch(/^<svg .*<\/svg>\n$/s);
      expect(picture).not.toMatch(/NaN|undefined/);
    }
  });
});
