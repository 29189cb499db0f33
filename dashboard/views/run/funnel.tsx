import type { JSX } from 'preact';
import type { Frame, RunLayout } from '../../../server/runs/views.ts';
import { count, percent, quantity } from '../../format/quantity.ts';
import { Panel } from '../parts/panel.tsx';

/** Windows through the gates. Bars are logarithmic, or the last stages would not be seen. */
export function Funnel({ layout, frame }: { layout: RunLayout; frame: Frame }): JSX.Element {
  const all = Math.max(1, frame.stages[0]?.windowsIn ?? 1);
  const width = (windows: number) => `${(100 * Math.log10(1 + windows)) / Math.log10(1 + all)}%`;
  const last = frame.stages[frame.stages.length - 1];
  return (
    <Panel title="Windows through the gates" area="gates" aside={<span class="quiet">bars are logarithmic</span>}>
      <ol class="funnel" id="funnel">
        {layout.stages.map((stage, index) => {
          const seen = frame.stages[index];
          const kind = layout.cores.find(({ name }) => name === stage.core)?.kind;
          return (
            <li key={stage.name} data-kind={kind}>
              <p>
                <strong>{stage.name}</strong>
                <span class="quiet">
                  {' '}
                  on {stage.core}, {quantity(stage.macs, 'MAC')} a window
                </span>
              </p>
              <div class="level">
                <i style={{ width: width(seen.windowsIn) }} />
                <b style={{ width: width(seen.windowsPassed) }} />
              </div>
              <p class="second funnel-facts">
                <span>
                  {count(seen.windowsIn)} in <span class="quiet">({percent(seen.windowsIn / all)} of all)</span>
                </span>
                <span>{count(seen.windowsPassed)} passed</span>
                {seen.dropped > 0 && <span class="bad">{count(seen.dropped)} dropped</span>}
                <span>
                  gate at {seen.threshold} stops {percent(seen.stopRate)}
                </span>
              </p>
            </li>
          );
        })}
      </ol>
      <p class="quiet note">
        {count(last?.windowsPassed ?? 0)} of {count(all)} windows get through. A gate’s stop rate is over windows
        outside any event.
      </p>
    </Panel>
  );
}
