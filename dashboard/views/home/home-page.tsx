import type { JSX } from 'preact';
import { loadCatalogue, scenarios } from '../../store/catalogue.ts';
import { Problem } from '../parts/problem.tsx';
import { RunsPanel } from './runs-panel.tsx';
import { ScenarioCard } from './scenario-card.tsx';

export function HomePage(): JSX.Element {
  return (
    <div class="home">
      <section class="scenarios" aria-label="Scenarios">
        <header class="lead">
          <h1>Scenarios</h1>
          <p class="second">A device, what it senses and the cascade of gated models that decides.</p>
        </header>
        <Scenarios />
      </section>
      <RunsPanel />
    </div>
  );
}

function Scenarios(): JSX.Element {
  const loaded = scenarios.value;
  if (loaded.state === 'loading')
    return <div class="loading card-shape" role="status" aria-label="Loading scenarios" />;
  if (!loaded.answer.ok) return <Problem text={`The scenarios could not be read. ${loaded.answer.problem}`} />;
  const list = loaded.answer.value;
  if (list.length === 0) {
    return (
      <div class="empty panel">
        <h3>No scenario yet</h3>
        <p>
          A scenario is a YAML file in <code>scenarios/</code>: a device, what sounds when, and the models that decide.
          Write one or copy one there, and look again.
        </p>
        <button type="button" onClick={() => loadCatalogue()}>
          Look again
        </button>
      </div>
    );
  }
  return (
    <div class="cards">
      {list.map((scenario) => (
        <ScenarioCard key={scenario.name} scenario={scenario} />
      ))}
    </div>
  );
}
