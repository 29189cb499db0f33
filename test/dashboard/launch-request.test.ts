import { describe, expect, it } from 'vitest';
import { readLaunch, SPEEDS } from '../../dashboard/views/home/launch-request.ts';
import { launchBody } from '../../server/api/schemas.ts';
import { catalog } from '../runs/manager/managed.ts';

const [scenario] = await catalog.scenarios();
const form = (changes: Readonly<Record<string, string>> = {}): FormData => {
  const data = new FormData();
  const fields = { powerProfile: 'saver', duration: '1 d 6 h', speed: '600', startCharge: '80', seed: '7' };
  for (const [name, value] of Object.entries({ ...fields, ...changes })) data.set(name, value);
  return data;
};

describe('the launch form', () => {
  it.each(SPEEDS.map(([speed]) => speed))('should ask for what the API takes, at speed %s', (speed) => {
    const read = readLaunch(scenario, form({ speed }));
    expect(read.ok && launchBody.safeParse(read.value)).toMatchObject({
      success: true,
      data: { scenario: 'good', powerProfile: 'saver', duration: 108_000, startSoc: 0.8, seed: 7 },
    });
  });

  it.each([
    [{ duration: 'a while' }, /a while.*24 h/],
    [{ duration: '' }, /24 h/],
    [{ seed: '1.5' }, /1\.5.*whole number/],
    [{ seed: '' }, /whole number/],
    [{ startCharge: '0' }, /above 0/],
    [{ startCharge: '101' }, /at most 100/],
    [{ startCharge: 'full' }, /full/],
  ])('should say what is wrong: %j', (changes, problem) => {
    expect(readLaunch(scenario, form(changes))).toMatchObject({ ok: false, problem: expect.stringMatching(problem) });
  });
});
