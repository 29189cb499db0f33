// Keeps a variant as a scenario of its own.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { saveScenario } from '../../api/client.ts';
import { scenarioPath } from '../../routing/route.ts';
import { loadCatalogue } from '../../store/catalogue.ts';
import { Problem } from '../parts/problem.tsx';

export function SaveScenario({ scenario, changes }: { scenario: string; changes: readonly string[] }): JSX.Element {
  const problem = useSignal<string | null>(null);
  const saved = useSignal<string | null>(null);
  const submit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    const answer = await saveScenario({ scenario, name, changes: [...changes] });
    problem.value = answer.ok ? null : answer.problem;
    saved.value = answer.ok ? answer.value.name : null;
    if (answer.ok) void loadCatalogue();
  };
  return (
    <form class="save-scenario" onSubmit={submit} aria-label="Save as a scenario">
      <label class="save-name">
        Save it as the scenario
        <input name="name" autocomplete="off" spellcheck={false} placeholder={`${scenario}-variant`} required />
      </label>
      <button type="submit" class="button">
        Save
      </button>
      {saved.value !== null && (
        <span role="status">
          Saved: <a href={scenarioPath(saved.value)}>{saved.value}</a>
        </span>
      )}
      <Problem text={problem.value} />
    </form>
  );
}
