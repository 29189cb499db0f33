import type { JSX } from 'preact';
import type { RunView } from '../../../server/runs/views.ts';
import { percent } from '../../format/quantity.ts';
import { span } from '../../format/time.ts';
import { speedName } from '../../format/words.ts';
import { runPath } from '../../routing/route.ts';
import { runs } from '../../store/runs.ts';
import { ChooseRun, CompareChosen } from '../compare/choose-runs.tsx';
import { Panel } from '../parts/panel.tsx';
import { Progress } from '../parts/progress.tsx';
import { RunStateTag } from '../parts/run-state.tsx';

export function RunsPanel(): JSX.Element {
  const list = runs.value;
  return (
    <Panel
      title="Runs"
      area="runs"
      aside={list && list.length > 0 && <span class="quiet">{list.length}, newest first</span>}
    >
      {list === null && <p class="quiet">Asking the server …</p>}
      {list?.length === 0 && <p class="quiet">No run yet. Launch a scenario and it appears here.</p>}
      {list && list.length > 0 && <RunList runs={list} />}
      {list && list.length > 1 && <CompareChosen runs={list} />}
    </Panel>
  );
}

export function RunList({ runs }: { runs: readonly RunView[] }): JSX.Element {
  return (
    <ul class="run-list">
      {runs.map((run) => (
        <RunRow key={run.id} run={run} />
      ))}
    </ul>
  );
}

function RunRow({ run }: { run: RunView }): JSX.Element {
  const share = run.durationSeconds > 0 ? run.simulatedSeconds / run.durationSeconds : 0;
  return (
    <li>
      <ChooseRun run={run} />
      <a href={runPath(run.id)}>
        <span class="run-title">{run.title}</span>
        <RunStateTag run={run} />
        <span class="quiet run-facts">
          {run.powerProfile} · {span(run.durationSeconds)} · {speedName(run.speed)} · seed {run.seed}
        </span>
        <span class="number second">{run.state === 'finished' ? '' : percent(Math.floor(share * 1000) / 1000)}</span>
        <Progress share={share} label={`${run.title}, simulated`} />
        {run.problem !== null && <span class="run-problem">{run.problem}</span>}
      </a>
    </li>
  );
}
