import { describe, expect, it } from 'vitest';
import {
  check,
  defaultsOf,
  placed,
  queryOf,
  readLaunch,
  SPEEDS,
  type Texts,
  textsIn,
} from '../../dashboard/views/scenario/parameters.ts';
import { launchBody } from '../../server/api/schemas.ts';
import { catalog } from '../runs/manager/managed.ts';

const [scenario] = await catalog.scenarios();
const texts = (changes: Partial<Texts> = {}): Texts => ({
  powerProfile: 'saver',
  duration: '1 d 6 h',
  speed: '600',
  startCharge: '80',
  seed: '11',
  ...changes,
});

describe('the parameters of a run', () => {
  it.each([...SPEEDS.map(([speed]) => speed), '3,600×', '12.5x'])(
    'should ask for what the API takes, at speed %s',
    (speed) => {
      expect(check(scenario, texts({ speed }))).toEqual({});
      expect(launchBody.safeParse(readLaunch(scenario, texts({ speed })))).toMatchObject({
        success: true,
        data: { scenario: 'good', powerProfile: 'saver', duration: 108_000, startSoc: 0.8, seed: 11 },
      });
    },
  );

  it('should leave to the scenario what was left as it is there', () => {
    expect(readLaunch(scenario, defaultsOf(scenario))).toEqual({ scenario: 'good', speed: 600 });
  });

  it.each([
    ['duration', 'a while', /a while.*24 h/],
    ['duration', '', /24 h/],
    ['duration', '101 d', /101 d.*100 d/],
    ['duration', '0.5 s', /1 s to 100 d/],
    ['seed', '1.5', /1\.5.*whole number/],
    ['seed', '', /whole number/],
    ['startCharge', '0', /above 0/],
    ['startCharge', '101', /at most 100/],
    ['startCharge', 'full', /full/],
    ['speed', '0.5', /1 to 10,000/],
    ['speed', '20000', /1 to 10,000/],
    ['speed', '', /1 to 10,000/],
    ['powerProfile', 'turbo', /turbo.*always-listening, saver/],
  ] as const)('should say what is wrong with %s "%s"', (parameter, text, problem) => {
    const found = check(scenario, texts({ [parameter]: text }));
    expect(Object.keys(found)).toEqual([parameter]);
    expect(found[parameter]).toMatch(problem);
  });

  it('should come back from a link as they were, and leave defaults out of it', () => {
    const changed = texts({ powerProfile: defaultsOf(scenario).powerProfile, seed: 'x' });
    const query = new URLSearchParams();
    for (const [name, text] of Object.entries(queryOf(changed, scenario))) if (text !== null) query.set(name, text);
    expect(query.toString()).toBe('duration=1+d+6+h&startCharge=80&seed=x');
    expect(textsIn(query, scenario)).toEqual(changed);
  });

  it("should have the server's refusal at the fields that it names", () => {
    expect(placed('seed: give a whole number; startSoc: give a state of charge above 0.')).toEqual({
      fields: { seed: 'give a whole number.', startCharge: 'give a state of charge above 0.' },
      rest: null,
    });
    expect(placed('Device hub has no power profile turbo. Take one of: saver.').fields.powerProfile).toMatch(
      /Take one/,
    );
    expect(placed('50 runs wait for their turn already.')).toEqual({
      fields: {},
      rest: '50 runs wait for their turn already.',
    });
  });
});
