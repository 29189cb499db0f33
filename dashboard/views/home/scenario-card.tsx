import type { JSX } from 'preact';
import type { ScenarioView } from '../../../server/runs/views.ts';
import { span } from '../../format/time.ts';
import { devicePath } from '../../routing/route.ts';
import { coreKinds } from '../../store/catalogue.ts';
import { Problem } from '../parts/problem.tsx';
import { LaunchForm } from './launch-form.tsx';

interface Props {
  readonly scenario: ScenarioView;
  readonly open: boolean;
  readonly onOpen: () => void;
}

export function ScenarioCard({ scenario, open, onOpen }: Props): JSX.Element {
  return (
    <article class="panel card" data-open={open} aria-label={scenario.title}>
      <header>
        <h2>{scenario.title}</h2>
        <span class="quiet nowrap">{span(scenario.durationSeconds)}</span>
      </header>
      <p class="second">{scenario.description}</p>
      <CascadeLine scenario={scenario} />
      <dl class="facts">
        <div>
          <dt>Device</dt>
          <dd>
            <a href={devicePath(scenario.device)}>{scenario.device}</a>
          </dd>
        </div>
        <div>
          <dt>Power profiles</dt>
          <dd>
            {scenario.powerProfiles.map((profile, index) => (
              <span key={profile}>
                {index > 0 && <span class="quiet"> · </span>}
                <span class={profile === scenario.powerProfile ? '' : 'quiet'}>{profile}</span>
              </span>
            ))}
          </dd>
        </div>
      </dl>
      {scenario.problem !== null && <Problem text={`This scenario cannot run yet. ${scenario.problem}`} />}
      {scenario.problem === null && open && <LaunchForm scenario={scenario} />}
      {scenario.problem === null && !open && (
        <button type="button" class="set-up" onClick={onOpen} aria-label={`Set up a run of ${scenario.title}`}>
          Set up a run
        </button>
      )}
    </article>
  );
}

/** The stages in order, each in the colour of the core that runs it. */
function CascadeLine({ scenario }: { scenario: ScenarioView }): JSX.Element {
  return (
    <ol class="cascade-line" aria-label="Cascade">
      {scenario.stages.map((stage) => (
        <li key={stage.name} data-kind={coreKinds.value.get(`${scenario.device}/${stage.core}`)}>
          <i class="dot" />
          <span>{stage.name}</span>
          <span class="quiet">{stage.core}</span>
        </li>
      ))}
    </ol>
  );
}
