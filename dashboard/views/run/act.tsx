import type { JSX } from 'preact';
import type { Frame, RunDetails, RunLayout } from '../../../server/runs/views.ts';
import { isOver } from '../../format/words.ts';
import { marks } from '../../store/run.ts';
import { Panel } from '../parts/panel.tsx';
import { AgeForm, FailForm, NoiseForm, PlayForm, ProfileForm } from './act-forms.tsx';
import { ActList } from './act-list.tsx';
import { RecordForm } from './act-record.tsx';

/** What a person can do to a run while it goes on, and what was done. */
export function Act({ run, layout, now }: { run: RunDetails; layout: RunLayout; now: Frame }): JSX.Element | null {
  const over = isOver(run.state);
  if (over && marks.value.length === 0) return null;
  const { sense } = layout.actable;
  return (
    <Panel
      title={over ? 'What was done to it' : 'Act on it'}
      area="act"
      aside={!over && <span class="quiet">takes hold at the next window, and is kept in the run’s log</span>}
    >
      {!over && (
        <div class="act-forms">
          <PlayForm id={run.id} layout={layout} />
          {sense !== 'picture' && <RecordForm id={run.id} layout={layout} sense={sense} />}
          {sense === 'log-mel' && <NoiseForm id={run.id} />}
          <FailForm id={run.id} layout={layout} />
          <AgeForm id={run.id} />
          <ProfileForm id={run.id} layout={layout} now={now} />
        </div>
      )}
      <ActList layout={layout} now={now} />
    </Panel>
  );
}
