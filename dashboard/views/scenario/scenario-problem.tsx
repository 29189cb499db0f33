import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { loadCatalogue } from '../../store/catalogue.ts';

/** What keeps a scenario from running: file and line of each fault, what is wrong there, and what to do. */
export function ScenarioProblem({ text }: { text: string }): JSX.Element {
  const busy = useSignal(false);
  const again = async (): Promise<void> => {
    busy.value = true;
    await loadCatalogue();
    busy.value = false;
  };
  return (
    <div class="faults" role="alert">
      <strong>It cannot run yet.</strong>
      <ul>
        {text.split('\n').map((line) => {
          const [, place, said] = /^(\S+\.ya?ml:\d+): (.+)$/.exec(line) ?? [];
          return (
            <li key={line}>
              {place !== undefined && <code>{place.replace(/^.*\/(?=(?:scenarios|device-profiles)\/)/, '')}</code>}
              <span>{said ?? line}</span>
            </li>
          );
        })}
      </ul>
      <p class="second">Mend the file, save it, and check again.</p>
      <button type="button" disabled={busy.value} onClick={again}>
        {busy.value ? 'Checking …' : 'Check again'}
      </button>
    </div>
  );
}
