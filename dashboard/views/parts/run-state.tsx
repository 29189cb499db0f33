import type { JSX } from 'preact';
import type { RunView } from '../../../server/runs/views.ts';
import { stateName } from '../../format/words.ts';

export const RunStateTag = ({ run }: { run: Pick<RunView, 'state'> }): JSX.Element => (
  <span class="tag state" data-state={run.state}>
    <i class="dot" />
    {stateName[run.state]}
  </span>
);
