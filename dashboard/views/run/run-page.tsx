import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { RunState } from '../../../server/runs/views.ts';
import { watchRun } from '../../live/watch.ts';
import { chooseRange } from '../../store/range.ts';
import { frame, layout, run, watching } from '../../store/run.ts';
import { Act } from './act.tsx';
import { Battery } from './battery.tsx';
import { Detections } from './detections.tsx';
import { Funnel } from './funnel.tsx';
import { Latency } from './latency.tsx';
import { Power } from './power.tsx';
import { Report } from './report.tsx';
import { RunHeader } from './run-header.tsx';
import { Scope } from './scope.tsx';
import { Timeline } from './timeline.tsx';
import { WhatIf } from './what-if.tsx';

/** One run, live or over. */
export function RunPage({ id }: { id: string }): JSX.Element {
  useEffect(() => {
    chooseRange(null);
    return watchRun(id);
  }, [id]);
  const state = watching.value;
  useEffect(() => {
    document.title = `${run.value?.title ?? id} · Lightsleeper`;
  }, [id, run.value?.title]);
  if (state.state === 'loading') return <div class="loading card-shape" role="status" aria-label="Loading the run" />;
  if (state.state === 'unknown' || run.value === null) {
    return (
      <div class="empty">
        <h1>This run is not here any more</h1>
        <p>{state.state === 'unknown' ? state.problem : null}</p>
        <a class="button" href="/">
          Scenarios and runs
        </a>
      </div>
    );
  }
  const [shape, now] = [layout.value, frame.value];
  return (
    <div class="run">
      <RunHeader run={run.value} />
      {run.value.report && <Report report={run.value.report} />}
      {shape && now ? (
        <div class="instrument">
          <Timeline layout={shape} frame={now} />
          <Act run={run.value} layout={shape} now={now} />
          <Scope run={run.value} layout={shape} />
          <Battery layout={shape} now={now} />
          <Power layout={shape} now={now} />
          <Funnel layout={shape} frame={now} />
          <Latency layout={shape} latency={now.latency} />
          <WhatIf run={run.value} layout={shape} />
          <Detections run={run.value.id} scenario={run.value.scenario} counts={now.detections} layout={shape} />
        </div>
      ) : (
        <Waiting state={run.value.state} />
      )}
    </div>
  );
}

/** In place of the instrument, until there is something to show. */
function Waiting({ state }: { state: RunState }): JSX.Element {
  const text: Readonly<Record<RunState, string>> = {
    queued: 'It waits for its turn: another run has the processor. It starts by itself.',
    starting: 'Reading recordings and loading models …',
    running: 'The first windows are being scored …',
    paused: 'Paused before it began.',
    finished: 'Nothing was recorded.',
    stopped: 'Stopped before anything was simulated.',
    failed: 'It failed before anything was simulated; the reason is above.',
  };
  return (
    <div class="empty panel" role="status">
      <p>{text[state]}</p>
    </div>
  );
}
