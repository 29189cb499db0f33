import type { JSX } from 'preact';
import type { Frame } from '../../../server/runs/views.ts';
import { quantity } from '../../format/quantity.ts';
import { Panel } from '../parts/panel.tsx';

/** From the end of the word to the decision, and what it is made of. */
export function Latency({ latency }: { latency: Frame['latency'] }): JSX.Element {
  const show = (value: number | null) => quantity(value === null ? null : value / 1e3, 's');
  return (
    <Panel title="Latency">
      <p class="number">
        p50 {show(latency.p50)} · p95 {show(latency.p95)} · p99 {show(latency.p99)}
      </p>
      <ul class="parts">
        {latency.parts
          .filter(({ meanMilliseconds }) => Math.abs(meanMilliseconds) >= 0.05)
          .map(({ part, stage, meanMilliseconds }) => (
            <li key={`${stage} ${part}`} class="number">
              {stage === null ? part : `${stage} ${part}`} {show(meanMilliseconds)}
            </li>
          ))}
      </ul>
    </Panel>
  );
}
