import type { JSX } from 'preact';
import type { ScenarioView } from '../../../server/runs/views.ts';
import { coreKinds } from '../../store/catalogue.ts';

/** The stages in order, each in the colour of the core that runs it. */
export function CascadeLine({ scenario }: { scenario: ScenarioView }): JSX.Element {
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
