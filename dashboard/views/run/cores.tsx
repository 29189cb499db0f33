import type { JSX } from 'preact';
import type { Frame, RunLayout } from '../../../server/runs/views.ts';
import { activityColour, asleep } from '../../draw/palette.ts';
import { count, percent } from '../../format/quantity.ts';
import { kindName } from '../../format/words.ts';
import { Panel } from '../parts/panel.tsx';

/** The cores as they are now: what they do, how they spent the time since the frame before, how often they woke. */
export function Cores({ layout, frame }: { layout: RunLayout; frame: Frame }): JSX.Element {
  return (
    <Panel title="Cores">
      <div class="cores">
        {layout.cores.map((core, index) => {
          const seen = frame.cores[index];
          const stages = layout.stages.filter((stage) => stage.core === core.name).map(({ name }) => name);
          return (
            <article key={core.name} class="core">
              <h3>
                {core.name} <small>{kindName[core.kind]}</small>
              </h3>
              <p>{stages.length > 0 ? stages.join(', ') : 'no stage'}</p>
              <div
                class="shares"
                role="img"
                aria-label={`${core.name} asleep ${percent(asleep(core.activities, seen.residency))}`}
              >
                {core.activities.map((activity, at) => (
                  <i
                    key={activity}
                    title={`${activity} ${percent(seen.residency[at])}`}
                    style={{
                      width: `${(seen.residency[at] ?? 0) * 100}%`,
                      background: activityColour(core.kind, activity, core.activities),
                    }}
                  />
                ))}
              </div>
              <p class="second number">
                {core.activities[seen.activity]} · asleep {percent(asleep(core.activities, seen.residency))} ·{' '}
                {count(seen.wakes)} wakes
              </p>
            </article>
          );
        })}
      </div>
    </Panel>
  );
}
