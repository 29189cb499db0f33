import type { JSX } from 'preact';
import type { Frame, RunLayout } from '../../../server/runs/views.ts';
import { quantity } from '../../format/quantity.ts';
import { Panel } from '../parts/panel.tsx';

const SMALLEST = 0.05;

/** From the end of the event to the decision, and what it is made of. */
export function Latency({ latency, layout }: { latency: Frame['latency']; layout: RunLayout }): JSX.Element {
  const show = (value: number | null) => quantity(value === null ? null : value / 1e3, 's');
  const parts = latency.parts.filter(({ meanMilliseconds }) => Math.abs(meanMilliseconds) >= SMALLEST);
  const longest = Math.max(...parts.map(({ meanMilliseconds }) => Math.abs(meanMilliseconds)));
  const kindOf = (stage: string | null) => {
    const core = layout.stages.find(({ name }) => name === stage)?.core;
    return layout.cores.find(({ name }) => name === core)?.kind;
  };
  return (
    <Panel title="Latency by part" area="latency" aside={<span class="quiet">end of the event to the decision</span>}>
      <p class="reading number">
        p50 <strong>{show(latency.p50)}</strong> · p95 {show(latency.p95)} · p99 {show(latency.p99)}
      </p>
      {parts.length === 0 ? (
        <p class="quiet">Nothing was found yet.</p>
      ) : (
        <ul class="bars">
          {parts.map(({ part, stage, meanMilliseconds }) => (
            <li key={`${stage} ${part}`} data-kind={kindOf(stage)}>
              <span>{stage === null ? part : `${stage} ${part}`}</span>
              <span class="number">{show(meanMilliseconds)}</span>
              <span class="level" data-negative={meanMilliseconds < 0}>
                <i style={{ width: `${(100 * Math.abs(meanMilliseconds)) / longest}%` }} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {parts.some(({ meanMilliseconds }) => meanMilliseconds < 0) && (
        <p class="quiet note">Below zero: the model decides before the event has ended.</p>
      )}
    </Panel>
  );
}
