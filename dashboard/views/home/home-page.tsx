import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { scenarios } from '../../store/catalogue.ts';
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
  const opened = useSignal<string | null>(null);
  const loaded = scenarios.value;
  if (loaded.state === 'loading')
    return <div class="loading card-shape" role="status" aria-label="Loading scenarios" />;
  if (!loaded.answer.ok) return <Problem text={`The scenarios could not be read. ${loaded.answer.problem}`} />;
  const list = loaded.answer.value;
  if (list.length === 0) {
    return (
      <div class="empty panel">
        <p>
          No scenario yet. Put a YAML file into <code>scenarios/</code>, or start the server with one:{' '}
          <code>lightsleeper serve my-scenario.yaml</code>
        </p>
      </div>
    );
  }
  const open = opened.value ?? list.find(({ problem }) => problem === null)?.name;
  return (
    <div class="cards">
      {list.map((scenario) => (
        <ScenarioCard
          key={scenario.name}
          scenario={scenario}
          open={scenario.name === open}
          onOpen={() => {
            opened.value = scenario.name;
          }}
        />
      ))}
    </div>
  );
}
