import type { JSX } from 'preact';
import type { Frame, RunLayout } from '../../../server/runs/views.ts';
import { coreColour } from '../../draw/palette.ts';
import { count, percent } from '../../format/quantity.ts';
import { Panel } from '../parts/panel.tsx';

/** Windows through the gates. Bars are logarithmic, or the last stages would not be seen. */
export function Funnel({ layout, frame }: { layout: RunLayout; frame: Frame }): JSX.Element {
  const all = Math.max(1, frame.stages[0]?.windowsIn ?? 1);
  const width = (windows: number) => `${(100 * Math.log10(1 + windows)) / Math.log10(1 + all)}%`;
  return (
    <Panel title="Windows through the gates">
      <ol class="funnel" id="funnel">
        {layout.stages.map((stage, index) => {
          const seen = frame.stages[index];
          const kind = layout.cores.find(({ name }) => name === stage.core)?.kind ?? 'dsp';
          return (
            <li key={stage.name}>
              <p>
                <strong>{stage.name}</strong> on {stage.core}, gate at {seen.threshold}
              </p>
              <div class="level">
                <i style={{ width: width(seen.windowsIn), background: coreColour[kind] }} />
              </div>
              <p class="second number">
                {count(seen.windowsIn)} in ({percent(seen.windowsIn / all)}) · {count(seen.windowsPassed)} passed ·{' '}
                {count(seen.dropped)} dropped
              </p>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
