// How an act becomes part of a run: of what its sensor gives from there on, or of what is done to its device. Pure: a run that has taken it up is another.

import { assertNever } from '../../assert-never.ts';
import type { DeviceAct } from '../../simulator/acts.ts';
import type { Plan } from '../../simulator/plan.ts';
import { hopSamplesOf } from '../../streams/frames.ts';
import { gainAt, insert, type PlacedEvent } from '../../streams/schedule.ts';
import { lengthsOf, type Sense } from '../../streams/sense.ts';
import { decibels, fromSeconds, type Nanoseconds } from '../../units.ts';
import { InputProblem } from '../files/problem.ts';
import type { LoadedScenario } from '../load.ts';
import type { PreparedRun } from '../simulate/engine.ts';
import type { Act } from '../views.ts';
import type { AskedAct, Input, LoggedInput } from './act.ts';
import type { RecordedClip } from './recorded.ts';

/** Pictures of the background are shown for so long. */
const PICTURE_SECONDS = 5;

/** Whether it changes what the sensor gives, so that all from there on is scored anew. */
export const isHeard = ({ kind }: Pick<AskedAct, 'kind'>): boolean =>
  kind === 'play' || kind === 'sound' || kind === 'motion' || kind === 'noise' || kind === 'fail-sensor';

/** The first window that ends after `now` with all that it newly hears: what is done now is done where it begins. */
export function nextWindow({ compiled, sense, loaded }: PreparedRun, now: Nanoseconds): number {
  const { hop } = compiled.plan;
  const hopSamples = hopSamplesOf(sense.frontEnd);
  let window = Math.floor(now / hop) + 1;
  // A hop need not be whole nanoseconds.
  while (fromSeconds((window * hopSamples) / loaded.stream.sampleRate) <= now) window++;
  return window;
}

/** The window that an entry of the log is of. */
export const windowOf = ({ simulatedSeconds }: Input, hop: Nanoseconds): number =>
  Math.max(1, Math.round((simulatedSeconds * 1e9) / hop));

/**
 * @param clip what was recorded with it
 * @throws {InputProblem} what this run cannot be asked
 */
export function withInput(run: PreparedRun, input: Input, clip: RecordedClip | null): PreparedRun {
  const { act } = input;
  switch (act.kind) {
    case 'play':
    case 'sound':
    case 'motion':
      return withClip(run, input, clip);
    case 'noise': {
      if (run.sense.kind !== 'log-mel')
        throw new InputProblem(
          `the background of ${run.compiled.plan.sensor.name} is not sound, and has no noise to raise`,
        );
      const gain = { start: sampleOf(run, input), gain: decibels(act.decibels) };
      const schedule = { ...run.schedule, gains: [...run.schedule.gains, gain] };
      return logged({ ...run, schedule }, input, act, null);
    }
    case 'fail-sensor': {
      const start = sampleOf(run, input);
      const end = start + Math.max(1, Math.round(act.seconds * run.loaded.stream.sampleRate));
      const failures = insert(run.schedule.failures, { start, end });
      return logged({ ...run, schedule: { ...run.schedule, failures } }, input, act, act.seconds);
    }
    case 'stall-link':
      indexOf(
        run.compiled.plan.links.map(({ name }) => name),
        act.link,
        'link',
      );
      return logged(run, input, act, act.seconds);
    case 'age-battery':
      return logged(run, input, act, null);
    case 'choose-profile':
      if (act.powerProfile !== null)
        indexOf(
          run.compiled.plan.policies.map(({ name }) => name),
          act.powerProfile,
          'power profile that can be chosen',
        );
      return logged(run, input, act, null);
    default:
      return assertNever(act);
  }
}

/** Power profiles that were chosen. */
export const chosenProfiles = (log: readonly LoggedInput[]): readonly string[] =>
  log.flatMap(({ input: { act } }) =>
    act.kind === 'choose-profile' && act.powerProfile !== null ? [act.powerProfile] : [],
  );

/** What is to be done to the device; what a variant of it does not have is left out. */
export function deviceActs(log: readonly LoggedInput[], plan: Plan): readonly DeviceAct[] {
  return log.flatMap(({ input }): DeviceAct[] => {
    const { act } = input;
    const at = (windowOf(input, plan.hop) * plan.hop) as Nanoseconds;
    switch (act.kind) {
      case 'stall-link': {
        const link = plan.links.findIndex(({ name }) => name === act.link);
        return link < 0 ? [] : [{ at, kind: 'stall-link', link, span: fromSeconds(act.seconds) }];
      }
      case 'age-battery':
        return [{ at, kind: 'age-battery', capacity: act.capacity, resistance: act.resistance }];
      case 'choose-profile': {
        const policy =
          act.powerProfile === null ? null : plan.policies.findIndex(({ name }) => name === act.powerProfile);
        return policy === -1 ? [] : [{ at, kind: 'choose-policy', policy }];
      }
      case 'play':
      case 'sound':
      case 'motion':
      case 'noise':
      case 'fail-sensor':
        return [];
      default:
        return assertNever(act);
    }
  });
}

const sampleOf = ({ compiled, sense }: PreparedRun, input: Input): number =>
  windowOf(input, compiled.plan.hop) * hopSamplesOf(sense.frontEnd);

function withClip(run: PreparedRun, input: Input, recorded: RecordedClip | null): PreparedRun {
  const { act } = input;
  if (act.kind !== 'play' && recorded === null) throw new Error(`${act.kind} came without a recording`);
  const played = act.kind === 'play' ? scenarioClip(run, act) : null;
  const heard = recorded === null ? run : withRecording(run, recorded);
  const clip = played?.clip ?? heard.loaded.recordings.length - 1;
  const label = act.kind === 'sound' || act.kind === 'motion' ? act.label : (played?.label ?? '');
  const start = sampleOf(run, input);
  const length = played?.length ?? lengthsOf(heard.sense)[clip];
  const { sampleRate } = run.loaded.stream;
  const end = start + length;
  if (end > (run.duration / 1e9) * sampleRate)
    throw new InputProblem(
      `it lasts ${(length / sampleRate).toFixed(1)} s, and the run is over in ${(run.duration / 1e9 - start / sampleRate).toFixed(1)} s`,
    );
  const isSound = run.sense.kind === 'log-mel';
  const snr = 'snr' in act ? act.snr : null;
  if (isSound && snr === null)
    throw new InputProblem('give the ratio to the noise at which it is played, as snr in dB');
  const event: PlacedEvent = {
    label,
    clip,
    start,
    end,
    loudness: isSound
      ? // Over the noise as it is by now; an event of the schedule is laid over the noise as it was planned.
        { kind: 'snr', decibels: decibels((snr ?? 0) + gainAt(run.schedule, start)) }
      : { kind: 'level', decibels: decibels(0) },
  };
  const schedule = { ...heard.schedule, events: insert(heard.schedule.events, event) };
  return logged(
    { ...heard, schedule, ...targetsOf(heard.loaded, schedule.events) },
    input,
    shownAct(act, label),
    length / sampleRate,
  );
}

/** Which clip of the scenario, what it is called there, and how many samples it lasts. */
function scenarioClip({ loaded, sense }: PreparedRun, { clip: path }: Extract<AskedAct, { kind: 'play' }>) {
  const { recordings, stream } = loaded;
  const clip = recordings.findIndex((recording) => recording.path === path);
  if (clip < 0)
    throw new InputProblem(
      `the scenario has no recording "${path}"; it has ${recordings.length}, such as ${recordings
        .slice(0, 3)
        .map((recording) => recording.path)
        .join(', ')}`,
    );
  const source = stream.events.find(({ clips }) => clips.includes(clip));
  const length = source?.length ?? null;
  const whole = sense.kind === 'picture' ? Math.ceil(PICTURE_SECONDS * stream.sampleRate) : lengthsOf(sense)[clip];
  return { clip, label: source?.label ?? 'background', length: length ?? whole };
}

function withRecording(run: PreparedRun, recorded: RecordedClip): PreparedRun {
  const path = `/acts/${run.log.length}/recording.${recorded.kind === 'motion' ? 'csv' : 'wav'}`;
  const recordings = [...run.loaded.recordings, { path, place: 'recorded while the run went on' }];
  return { ...run, sense: withRecordedClip(run.sense, recorded), loaded: { ...run.loaded, recordings } };
}

function withRecordedClip(sense: Sense, recorded: RecordedClip): Sense {
  if (sense.kind === 'log-mel' && recorded.kind === 'log-mel')
    return { ...sense, clips: [...sense.clips, recorded.clip] };
  if (sense.kind === 'motion' && recorded.kind === 'motion')
    return { ...sense, clips: [...sense.clips, recorded.clip] };
  throw new Error(`${recorded.kind} was recorded for ${sense.kind}`);
}

/** Events to be detected, in samples and in time. */
export function targetsOf(loaded: LoadedScenario, events: readonly PlacedEvent[]) {
  const toTime = (sample: number): Nanoseconds => fromSeconds(sample / loaded.stream.sampleRate);
  const targets = events.filter(({ label }) => label === loaded.scenario.value.detect);
  return { targets, events: targets.map(({ start, end }) => ({ start: toTime(start), end: toTime(end) })) };
}

function logged(run: PreparedRun, input: Input, act: Act, lasts: number | null): PreparedRun {
  const { simulatedSeconds } = input;
  const untilSeconds = lasts === null ? null : simulatedSeconds + lasts;
  return {
    ...run,
    log: [...run.log, { input, view: { number: run.log.length, simulatedSeconds, untilSeconds, act } }],
  };
}

function shownAct(act: AskedAct, label: string): Act {
  switch (act.kind) {
    case 'play':
      return { ...act, label };
    case 'sound':
      return { kind: 'sound', label, snr: act.snr };
    case 'motion':
      return { kind: 'motion', label };
    default:
      return act;
  }
}

function indexOf(names: readonly string[], name: string, what: string): number {
  const index = names.indexOf(name);
  if (index < 0) throw new InputProblem(`there is no ${what} "${name}"; there are ${names.join(', ') || 'none'}`);
  return index;
}
