import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Frame, RunDetails, Speed } from '../../../server/runs/views.ts';
import { changePace, command, goTo, type Result, type RunCommand } from '../../api/client.ts';
import { percent, times } from '../../format/quantity.ts';
import { moment, span } from '../../format/time.ts';
import { isOver, speedName } from '../../format/words.ts';
import { comparePath, devicePath } from '../../routing/route.ts';
import { frame, severalDays } from '../../store/run.ts';
import { Pause, Play, Stop } from '../parts/icons.tsx';
import { Problem } from '../parts/problem.tsx';
import { Progress } from '../parts/progress.tsx';
import { RunStateTag } from '../parts/run-state.tsx';

/** Slower than this share of what was asked for is said. */
const KEEPS_UP = 0.8;

export function RunHeader({ run }: { run: RunDetails }): JSX.Element {
  const problem = useSignal<string | null>(null);
  const busy = useSignal(false);
  const simulated = frame.value?.simulatedSeconds ?? run.simulatedSeconds;
  const send = async (request: Promise<Result<unknown>>): Promise<void> => {
    busy.value = true;
    const answer = await request;
    busy.value = false;
    problem.value = answer.ok ? null : answer.problem;
  };
  const act = (what: RunCommand): Promise<void> => send(command(run.id, what));
  const canStep = run.state === 'running' || run.state === 'paused';
  const button = (what: RunCommand, label: string, icon: JSX.Element, enabled = true) => (
    <button type="button" class="button" disabled={busy.value || !enabled} onClick={() => void act(what)}>
      {icon} {label}
    </button>
  );
  return (
    <header class="run-header">
      <div class="run-name">
        <h1>{run.title}</h1>
        <p class="second">
          <RunStateTag run={run} /> · <a href={devicePath(run.device)}>{run.device}</a> · {run.powerProfile} profile ·
          seed {run.seed} · <a href={comparePath([run.id])}>compare with …</a>
        </p>
      </div>
      <p class="clock">
        <strong class="number" id="run-clock">
          {moment(simulated, severalDays.value)}
        </strong>
        <span class="second">
          simulated, {percent(Math.floor((simulated / run.durationSeconds) * 1000) / 1000)} of{' '}
          {span(run.durationSeconds)}
          {run.state === 'running' && frame.value && ` · ${pace(run, frame.value)}`}
        </span>
      </p>
      {!isOver(run.state) && (
        <p class="controls">
          {run.state === 'paused'
            ? button('resume', 'Resume', <Play />)
            : button('pause', 'Pause', <Pause />, run.state === 'running')}
          {button('stop', 'Stop', <Stop />)}
          <button
            type="button"
            class="button"
            disabled={busy.value || !canStep}
            onClick={() => void send(goTo(run.id, 'window'))}
          >
            Next window
          </button>
          <button
            type="button"
            class="button"
            disabled={busy.value || !canStep}
            onClick={() => void send(goTo(run.id, 'detection'))}
          >
            Next detection
          </button>
          <label class="pace">
            Speed
            <select
              value={String(run.speed)}
              disabled={busy.value || !canStep}
              onChange={({ currentTarget: { value } }) =>
                void send(changePace(run.id, value === 'max' ? 'max' : Number(value)))
              }
            >
              {speeds(run.speed).map((speed) => (
                <option key={speed} value={String(speed)}>
                  {speedName(speed)}
                </option>
              ))}
            </select>
          </label>
        </p>
      )}
      <Progress share={simulated / run.durationSeconds} label="Simulated" />
      <Problem text={problem.value} />
      <Problem text={run.problem} />
    </header>
  );
}

/** Those to choose from, and the one that it has. */
const SPEEDS: readonly Speed[] = [1, 10, 60, 600, 3600, 10_000, 'max'];
const speeds = (own: Speed): readonly Speed[] => (SPEEDS.includes(own) ? SPEEDS : [own, ...SPEEDS]);

function pace({ speed }: RunDetails, { speed: reached }: Frame): string {
  if (speed === 'max') return `${times(reached)} real time`;
  if (reached > 0 && reached < speed * KEEPS_UP) return `${times(reached)} real time, ${speedName(speed)} asked for`;
  return `${speedName(speed)} real time`;
}
