import type { JSX } from 'preact';
import type { RunDetails } from '../../../server/runs/views.ts';
import { command, type RunCommand } from '../../api/client.ts';
import { times } from '../../format/quantity.ts';
import { moment } from '../../format/time.ts';
import { isOver } from '../../format/words.ts';
import { frame, severalDays } from '../../store/run.ts';
import { Pause, Play, Stop } from '../parts/icons.tsx';
import { Progress } from '../parts/progress.tsx';
import { RunStateTag } from '../parts/run-state.tsx';

export function RunHeader({ run }: { run: RunDetails }): JSX.Element {
  const simulated = frame.value?.simulatedSeconds ?? run.simulatedSeconds;
  const button = (what: RunCommand, label: string, icon: JSX.Element) => (
    <button type="button" class="button" aria-label={label} onClick={() => void command(run.id, what)}>
      {icon} {label}
    </button>
  );
  return (
    <header class="run-header">
      <h1>{run.title}</h1>
      <p class="second">
        {run.device} · {run.powerProfile} · seed {run.seed} · <RunStateTag run={run} />
      </p>
      <p class="number" id="run-clock">
        {moment(simulated, severalDays.value)} · {times(frame.value?.speed ?? 0)}
      </p>
      <Progress share={simulated / run.durationSeconds} label="Simulated" />
      {!isOver(run.state) && (
        <p class="controls">
          {run.state === 'paused' ? button('resume', 'Resume', <Play />) : button('pause', 'Pause', <Pause />)}
          {button('stop', 'Stop', <Stop />)}
        </p>
      )}
    </header>
  );
}
