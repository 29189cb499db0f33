// A run that is acted on while it goes on, and the same run given its log from the start: over shipped scenarios with their recordings and models.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AskedAct, Input } from '../../../server/runs/acts/act.ts';
import type * as Recorded from '../../../server/runs/acts/recorded.ts';
import type * as Look from '../../../server/runs/process/look.ts';
import type { RunRequest } from '../../../server/runs/process/messages.ts';
import type * as Answers from '../../../server/runs/questions/answers.ts';
import type { Answer, Question } from '../../../server/runs/questions/question.ts';
import type * as MakeReport from '../../../server/runs/report/make-report.ts';
import type { RunReport } from '../../../server/runs/report/report.ts';
import type * as Tally from '../../../server/runs/report/tally.ts';
import type * as Engine from '../../../server/runs/simulate/engine.ts';
import type { DetectionView } from '../../../server/runs/views.ts';
import type { Nanoseconds } from '../../../server/units.ts';

// Threads that score run the built program, and so does all that talks to them.
const built = <Module>(path: string): Promise<Module> =>
  import(new URL(`../../../dist/server/runs/${path}.js`, import.meta.url).href);
const { openRun } = await built<typeof Engine>('simulate/engine');
const { recordedClip } = await built<typeof Recorded>('acts/recorded');
const { makeReport } = await built<typeof MakeReport>('report/make-report');
const { Tally: NewTally } = await built<typeof Tally>('report/tally');
const { Answers: NewAnswers } = await built<typeof Answers>('questions/answers');
const { DetectionViews } = await built<typeof Look>('process/look');

const scenario = (name: string) => fileURLToPath(new URL(`../../../scenarios/${name}.yaml`, import.meta.url));
const SECONDS = 240;
const request: RunRequest = {
  scenario: scenario('kitchen-day'),
  speed: 'max',
  baseline: false,
  answers: true,
  durationSeconds: SECONDS,
  threads: 1,
};
const WORD = 'recordings/computer/computer-02.flac';

/** A WAV file of 8,000 samples a second, as a page sends it: two seconds of a tone that comes and goes. */
function tone(seconds: number, strength = 0.3): Uint8Array {
  const rate = 8000;
  const file = new DataView(new ArrayBuffer(44 + 2 * rate * seconds));
  const text = (at: number, letters: string) => {
    for (const [index, letter] of [...letters].entries()) file.setUint8(at + index, letter.charCodeAt(0));
  };
  text(0, 'RIFF');
  file.setUint32(4, file.byteLength - 8, true);
  text(8, 'WAVEfmt ');
  for (const [at, value] of [
    [16, 16],
    [24, rate],
    [28, 2 * rate],
    [40, 2 * rate * seconds],
  ])
    file.setUint32(at, value, true);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ])
    file.setUint16(at, value, true);
  text(36, 'data');
  for (let at = 0; at < rate * seconds; at++)
    file.setInt16(44 + 2 * at, 32_767 * strength * Math.sin(at * 0.4) * Math.abs(Math.sin(at / 900)), true);
  return new Uint8Array(file.buffer);
}

/** What is done, and at which moment of the run somebody does it. */
const DONE: ReadonlyArray<readonly [seconds: number, act: AskedAct]> = [
  [20.0137, { kind: 'play', clip: WORD, snr: 20 }],
  [22, { kind: 'play', clip: 'recordings/speech/speech-118-121721-0000.flac', snr: 12 }],
  [22, { kind: 'noise', decibels: 9 }],
  [40, { kind: 'stall-link', link: 'dsp-mcu', seconds: 1.5 }],
  [55.5, { kind: 'choose-profile', powerProfile: 'always-listening' }],
  [61, { kind: 'play', clip: WORD, snr: 10 }],
  [80.2, { kind: 'sound', label: 'computer', snr: 25, wav: tone(2) }],
  [95, { kind: 'age-battery', capacity: 0.6, resistance: 2 }],
  [110.77, { kind: 'fail-sensor', seconds: 30 }],
  [115, { kind: 'play', clip: WORD, snr: 30 }],
  [150, { kind: 'noise', decibels: 0 }],
  [160, { kind: 'choose-profile', powerProfile: null }],
];

interface Done {
  readonly engine: Engine.RunEngine;
  readonly answers: Answers.Answers;
  readonly detections: readonly DetectionView[];
  readonly report: RunReport;
}

async function simulate(engine: Engine.RunEngine, done: typeof DONE): Promise<Done> {
  const tally = new NewTally(engine.compiled.plan.stages);
  const answers = new NewAnswers(engine);
  const views = new DetectionViews(engine);
  const detections: DetectionView[] = [];
  const until = async (time: number) => {
    while (engine.horizon() < time && (await engine.score()));
    // In steps, as a run that is watched.
    while (engine.simulator.now < time) {
      const outcomes = engine.advance(Math.min(engine.simulator.now + 3e9, time) as Nanoseconds);
      tally.add(outcomes);
      detections.push(...outcomes.map((outcome) => views.view(outcome)));
      answers.keep();
    }
  };
  for (const [seconds, act] of done) {
    await until(seconds * 1e9);
    engine.act(act, await recordedClip(act, engine.sense));
  }
  await until(engine.duration);
  engine.close();
  const report = await makeReport(engine, tally, () => 0);
  return { engine, answers, detections, report };
}

const withoutWall = ({ wallSeconds: _, cost: __, ...report }: RunReport) => report;
async function ask<K extends Question['kind']>(run: Done, question: Extract<Question, { kind: K }>) {
  const answer: Answer = await run.answers.ask(question);
  if (answer.kind === 'refused') throw new Error(answer.problem);
  return answer as Extract<Answer, { kind: K }>;
}

let plain: Done;
let live: Done;
let fromLog: Done;
beforeAll(async () => {
  plain = await simulate(await openRun(request), []);
  live = await simulate(await openRun(request), DONE);
  const inputs: readonly Input[] = live.engine.log.map(({ input }) => structuredClone(input));
  fromLog = await simulate(await openRun({ ...request, inputs }), []);
}, 60_000);
afterAll(() => {
  for (const run of [plain, live, fromLog]) run?.engine.close();
});

describe('a run that is acted on', () => {
  it('should come to the same, digit for digit, when it is given the log from its start', () => {
    expect(live.report.inputs).toHaveLength(DONE.length);
    expect(withoutWall(fromLog.report)).toEqual(withoutWall(live.report));
    expect(fromLog.detections).toEqual(live.detections);
    const scores = ({ engine }: Done) => engine.trace.chunks.flatMap(({ first }) => [...first]);
    expect(scores(fromLog)).toEqual(scores(live));
  });

  it('should be as if nothing had been done up to the first act', async () => {
    const before = { kind: 'range', fromSeconds: 0, toSeconds: 20, points: 20 } as const;
    expect(await ask(live, before)).toEqual(await ask(plain, before));
    const after = { kind: 'range', fromSeconds: 0, toSeconds: 21, points: 20 } as const;
    expect(await ask(live, after)).not.toEqual(await ask(plain, after));
  });

  it('should answer about any stretch as it was, from whichever checkpoint', async () => {
    for (const [fromSeconds, toSeconds] of [
      [19, 24],
      [30, 100.5],
      [94.99, 95.01],
      [100, 170],
    ]) {
      const question = { kind: 'range', fromSeconds, toSeconds, points: 40 } as const;
      const answer = await ask(live, question);
      expect(await ask(fromLog, question)).toEqual(answer);
      expect(answer.range.coulombs).toBeGreaterThan(0);
      expect(answer.range.coulombs).toBeLessThan(2);
    }
  });

  it('should answer what-ifs with what was done to it', async () => {
    const variants = [[], [{ path: 'cascade.activity.threshold', value: 0.9 }]];
    const { variants: reports } = await ask(live, { kind: 'what-if', variants });
    expect(withoutWall(reports[0])).toEqual(withoutWall(live.report));
    expect(reports[1].stages[1].reach).toBeLessThan(reports[0].stages[1].reach);
    const { variants: same } = await ask(fromLog, { kind: 'what-if', variants });
    expect(same.map(withoutWall)).toEqual(reports.map(withoutWall));
  });

  it('should hear a word that is played to it, and nothing while its sensor fails', () => {
    const [first, , second, sound, deaf] = live.report.inputs.filter(({ act }) => 'label' in act);
    const verdictOf = (untilSeconds: number | null) =>
      live.detections.find(
        ({ simulatedSeconds, verdict }) =>
          Math.abs(
            simulatedSeconds -
              (verdict.kind === 'true-positive' ? verdict.latencyMilliseconds / 1e3 : 1) -
              (untilSeconds ?? 0),
          ) < 0.005,
      );
    expect(verdictOf(first.untilSeconds)).toMatchObject({ verdict: { kind: 'true-positive' }, clip: WORD });
    expect(verdictOf(second.untilSeconds)?.clip).toBe(WORD);
    expect(verdictOf(sound.untilSeconds)).toMatchObject({ verdict: { kind: 'miss' }, clip: '/acts/6/recording.wav' });
    expect(verdictOf(deaf.untilSeconds)).toMatchObject({ verdict: { kind: 'miss' }, clip: WORD });
    expect(live.report.detections.events).toBe(plain.report.detections.events + 4);
  });

  it('should last as long as a battery that has aged', () => {
    // The joules that it gives until it is empty, at the power of a day that repeats.
    const joules = ({ report: { battery } }: Done) => (battery.lifeHours ?? 0) * battery.averageMilliwatts;
    expect(joules(live) / joules(plain)).toBeCloseTo(0.6, 1);
    expect(live.report.conservation).toBeLessThan(1e-9);
  });

  it('should follow the power profile that was chosen, until it is given back', async () => {
    const at = async (seconds: number, run: Done) =>
      (await ask(run, { kind: 'range', fromSeconds: seconds, toSeconds: seconds + 1, points: 1 })).range.watts.mean;
    for (const seconds of [70, 140]) expect(await at(seconds, live)).not.toBeCloseTo(await at(seconds, plain), 6);
    expect(live.engine.simulator.policy.name).toBe('balanced');
    expect(live.engine.simulator.state.policyChanges).toBe(2);
  });
});

describe('a run of another sense', () => {
  /** A phone that is shaken for four seconds. */
  const shaken = ['time_ms,ax,ay,az,gx,gy,gz']
    .concat(Array.from({ length: 240 }, (_, at) => [at * 16.7, 9 * Math.sin(at), 2, 9.8, 0, Math.cos(at), 0].join(',')))
    .join('\n');
  const motion = 'recordings/motion/walking/walking-s01-01.csv';
  it.each<readonly [string, string, number, typeof DONE]>([
    [
      'motion',
      'walking-band',
      80,
      [
        [10.3, { kind: 'motion', label: 'walking', csv: shaken }],
        [20, { kind: 'play', clip: motion, snr: null }],
        [60, { kind: 'fail-sensor', seconds: 5 }],
      ],
    ],
    [
      'pictures, with a camera that wakes by change',
      'roadside-camera',
      240,
      [
        [33, { kind: 'play', clip: 'recordings/pictures/vehicle/vehicle-aircraft-1.png', snr: null }],
        [120, { kind: 'fail-sensor', seconds: 60 }],
      ],
    ],
    [
      'sound, with a microphone that gates by itself',
      'watch-evening',
      110,
      [
        [21.21, { kind: 'play', clip: WORD, snr: 25 }],
        [40, { kind: 'fail-sensor', seconds: 20 }],
        [80, { kind: 'noise', decibels: 20 }],
      ],
    ],
  ])('should be acted on as well, digit for digit as from its log: %s', async (_, name, durationSeconds, done) => {
    const other = { ...request, scenario: scenario(name), durationSeconds };
    const acted = await simulate(await openRun(other), done);
    const again = await simulate(await openRun({ ...other, inputs: acted.engine.log.map(({ input }) => input) }), []);
    const untouched = await simulate(await openRun(other), []);
    expect(withoutWall(again.report)).toEqual(withoutWall(acted.report));
    expect(again.detections).toEqual(acted.detections);
    const firstScores = ({ engine }: Done) => engine.trace.chunks.flatMap(({ first }) => [...first]);
    expect(firstScores(acted)).not.toEqual(firstScores(untouched));
    expect(acted.report.inputs).toHaveLength(done.length);
  });
});

describe('an act that cannot be', () => {
  let engine: Engine.RunEngine;
  beforeAll(async () => {
    engine = await openRun({ ...request, durationSeconds: 2 });
  });
  afterAll(() => engine.close());

  const refused: Readonly<Record<string, readonly [AskedAct, RegExp]>> = {
    'a recording that is not of the scenario': [
      { kind: 'play', clip: 'recordings/nothing.flac', snr: 10 },
      /no recording "recordings\/nothing.flac"; it has \d+, such as recordings/,
    ],
    'a sound without its ratio': [{ kind: 'play', clip: WORD, snr: null }, /give the ratio to the noise/],
    'a link that does not exist': [
      { kind: 'stall-link', link: 'usb', seconds: 1 },
      /no link "usb"; there are dsp-mcu, mcu-app/,
    ],
    'a power profile that does not exist': [
      { kind: 'choose-profile', powerProfile: 'turbo' },
      /no power profile that can be chosen "turbo"; there are .*balanced/,
    ],
    'a sound that is too long': [
      { kind: 'sound', label: 'computer', snr: 10, wav: tone(11) },
      /11.0 s long; send one of at most 10 s/,
    ],
    silence: [{ kind: 'sound', label: 'computer', snr: 10, wav: tone(1, 0) }, /is silent/],
    'what is no sound': [{ kind: 'sound', label: 'computer', snr: 10, wav: new Uint8Array(100) }, /as a WAV file/],
    'a damaged sound': [
      { kind: 'sound', label: 'computer', snr: 10, wav: tone(1).slice(0, 60) },
      /the sound: is damaged|no sound that can be decoded/,
    ],
    'motion for a microphone': [
      { kind: 'motion', label: 'walk', csv: 'time_ms,ax,ay,az\n' },
      /does not feel how it is moved: its sensor gives sound/,
    ],
    'what ends after the run': [
      { kind: 'sound', label: 'computer', snr: 10, wav: tone(3) },
      /lasts 3.0 s, and the run is over in 2.0 s/,
    ],
  };
  it.each(Object.keys(refused))('should be refused in words: %s', async (name) => {
    const [act, problem] = refused[name];
    await expect(recordedClip(act, engine.sense).then((clip) => engine.act(act, clip))).rejects.toThrow(problem);
    expect(engine.log).toEqual([]);
  });
});
