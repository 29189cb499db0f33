// Searches for thresholds: asked for here, and how they stand.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { AdviceView } from '../../../server/runs/advise/advice-desk.ts';
import { askAdvice, cancelAdvice } from '../../api/client.ts';
import { scenarios } from '../../store/catalogue.ts';
import { isUnderWay, searches, took } from '../../store/lab.ts';
import { Panel } from '../parts/panel.tsx';
import { Problem } from '../parts/problem.tsx';
import { Progress } from '../parts/progress.tsx';
import { Found } from './found.tsx';

export function Searches(): JSX.Element {
  const known = searches.value;
  return (
    <>
      <Panel title="Thresholds for a budget" aside={<span class="quiet">at 95 % confidence</span>}>
        <p class="quiet">
          Every threshold vector is judged on half of the scenario’s recordings, and the cheapest that meets the budget
          is confirmed on the other half.
        </p>
        <Ask />
        {known !== null && !known.ok && <Problem text={`The searches could not be read. ${known.problem}`} />}
      </Panel>
      {known?.ok && known.value.map((search) => <Search key={search.id} search={search} />)}
    </>
  );
}

function Ask(): JSX.Element {
  const problem = useSignal<string | null>(null);
  const busy = useSignal(false);
  const loaded = scenarios.value;
  if (loaded.state === 'loading') return <div class="loading" role="status" aria-label="Loading scenarios" />;
  if (!loaded.answer.ok) return <Problem text={`The scenarios could not be read. ${loaded.answer.problem}`} />;
  const offered = loaded.answer.value.filter(({ problem }) => problem === null);
  const submit = async (event: JSX.TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const [accepts, misses] = [Number(text('accepts')), Number(text('misses'))];
    if (!(accepts > 0 && accepts <= 1000)) problem.value = 'False accepts: give more than 0 and at most 1000 an hour.';
    else if (!(misses >= 0 && misses <= 100)) problem.value = 'Missed: give from 0 to 100 %.';
    else {
      busy.value = true;
      const answer = await askAdvice({
        scenario: text('scenario'),
        maxFalseAcceptsPerHour: accepts,
        maxMissRate: misses / 100,
        duration: text('duration'),
        spare: SPARE,
      });
      busy.value = false;
      problem.value = answer.ok ? null : answer.problem;
      if (answer.ok) took(answer.value);
    }
  };
  return (
    <form class="launch" onSubmit={submit} aria-label="Look for thresholds" noValidate>
      <label>
        Scenario
        <select name="scenario">
          {offered.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
        <small>its recordings choose and confirm</small>
      </label>
      <label>
        False accepts an hour, at most
        <input name="accepts" inputMode="decimal" autocomplete="off" defaultValue="15" />
        <small>above 0, at most 1000</small>
      </label>
      <label>
        Missed, at most, %
        <input name="misses" inputMode="decimal" autocomplete="off" defaultValue="25" />
        <small>0 to 100</small>
      </label>
      <label>
        Stream
        <input name="duration" autocomplete="off" spellcheck={false} defaultValue="6 h" />
        <small>simulated, at most 4 d</small>
      </label>
      <button type="submit" class="primary" disabled={busy.value}>
        {busy.value ? 'Asking …' : 'Look for thresholds'}
      </button>
      <Problem text={problem.value} />
    </form>
  );
}

/** As docs/advise.md has it: all the room that the recordings give, so that what is chosen is confirmed. */
const SPARE = 10;

const STEPS: Readonly<Record<string, string>> = {
  starting: 'reading the scenario',
  scoring: 'scoring the recordings',
  searching: 'judging every threshold vector by its scores',
  simulating: 'simulating those that could be cheapest',
  confirming: 'confirming on the other recordings',
};

function Search({ search }: { search: AdviceView }): JSX.Element {
  const cancel = async (): Promise<void> => {
    const answer = await cancelAdvice(search.id);
    if (answer.ok) took(answer.value);
  };
  if (search.state === 'done') return <Found search={search} />;
  return (
    <Panel
      title={`Thresholds for ${search.scenario}`}
      aside={
        isUnderWay(search) && (
          <button type="button" class="button" onClick={() => void cancel()}>
            Cancel
          </button>
        )
      }
    >
      {search.state === 'waiting' && <p class="quiet">Waits until the search before it is over.</p>}
      {search.state === 'cancelled' && <p class="quiet">Cancelled: nothing is advised.</p>}
      {search.state === 'failed' && <Problem text={search.problem} />}
      {search.state === 'searching' && (
        <div role="status">
          <p>{STEPS[search.step] ?? search.step} …</p>
          <Progress share={search.share} label={`How far ${STEPS[search.step] ?? search.step} is`} />
        </div>
      )}
    </Panel>
  );
}
