import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { ScenarioView } from '../../../server/runs/views.ts';
import { launch } from '../../api/client.ts';
import { span } from '../../format/time.ts';
import { navigate } from '../../routing/navigate.ts';
import { runPath } from '../../routing/route.ts';
import { Play } from '../parts/icons.tsx';
import { Problem } from '../parts/problem.tsx';
import { readLaunch, SPEEDS } from './launch-request.ts';

export function LaunchForm({ scenario }: { scenario: ScenarioView }): JSX.Element {
  const problem = useSignal<string | null>(null);
  const busy = useSignal(false);

  const submit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const read = readLaunch(scenario, new FormData(event.currentTarget));
    if (!read.ok) {
      problem.value = read.problem;
      return;
    }
    busy.value = true;
    problem.value = null;
    const answer = await launch(read.value);
    busy.value = false;
    if (answer.ok) navigate(runPath(answer.value.id));
    else problem.value = answer.problem;
  };

  return (
    <form class="launch" onSubmit={submit} aria-label={`Launch ${scenario.title}`} noValidate>
      <label>
        Power profile
        <select name="powerProfile">
          {scenario.powerProfiles.map((profile) => (
            <option key={profile} selected={profile === scenario.powerProfile}>
              {profile}
            </option>
          ))}
        </select>
        <small>of {scenario.device}</small>
      </label>
      <label>
        Duration
        <input name="duration" autocomplete="off" spellcheck={false} defaultValue={span(scenario.durationSeconds)} />
        <small>simulated: 1 s to 100 d, such as 90 min</small>
      </label>
      <label>
        Speed
        <select name="speed">
          {SPEEDS.map(([speed, name]) => (
            <option key={speed} value={speed} selected={speed === '600'}>
              {name}
            </option>
          ))}
        </select>
        <small>simulated seconds a second</small>
      </label>
      <label>
        Start charge, %
        <input name="startCharge" inputMode="decimal" autocomplete="off" defaultValue="100" />
        <small>above 0, at most 100</small>
      </label>
      <label>
        Seed
        <input name="seed" inputMode="numeric" autocomplete="off" defaultValue={String(scenario.seed)} />
        <small>whole number: another seed, another day</small>
      </label>
      <button type="submit" class="primary" disabled={busy.value}>
        <Play />
        {busy.value ? 'Launching …' : 'Launch'}
      </button>
      <Problem text={problem.value} />
    </form>
  );
}
