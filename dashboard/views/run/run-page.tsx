import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { charge, quantity } from '../../format/quantity.ts';
import { span } from '../../format/time.ts';
import { watchRun } from '../../live/watch.ts';
import { frame, layout, run, watching } from '../../store/run.ts';
import { Panel } from '../parts/panel.tsx';
import { Problem } from '../parts/problem.tsx';
import { BatteryChart, RailsChart } from './charts.tsx';
import { Cores } from './cores.tsx';
import { Detections } from './detections.tsx';
import { Funnel } from './funnel.tsx';
import { Latency } from './latency.tsx';
import { Report } from './report.tsx';
import { RunHeader } from './run-header.tsx';

/** One run, live or over. */
export function RunPage({ id }: { id: string }): JSX.Element {
  useEffect(() => watchRun(id), [id]);
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
  const { battery } = frame.value ?? { battery: null };
  return (
    <div class="run">
      <RunHeader run={run.value} />
      <Problem text={run.value.problem} />
      {layout.value && frame.value && (
        <div class="instrument">
          <Cores layout={layout.value} frame={frame.value} />
          <Panel
            title="Battery"
            aside={
              <strong id="battery-reading" class="number">
                {charge(battery?.soc ?? null)} ·{' '}
                {battery?.forecastHours == null ? '–' : `${span(battery.forecastHours * 3600)} left`} ·{' '}
                {quantity(battery?.watts ?? null, 'W')}
              </strong>
            }
          >
            <BatteryChart />
          </Panel>
          <Panel title="Power by rail">
            <RailsChart layout={layout.value} />
          </Panel>
          <Funnel layout={layout.value} frame={frame.value} />
          <Latency latency={frame.value.latency} />
          <Detections counts={frame.value.detections} stages={layout.value.stages.map(({ name }) => name)} />
        </div>
      )}
      {run.value.report && <Report report={run.value.report} />}
    </div>
  );
}
