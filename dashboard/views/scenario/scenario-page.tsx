import { computed, effect, useSignal } from '@preact/signals';
import { distance } from 'fastest-levenshtein';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { OfferedScenario } from '../../../server/runs/views.ts';
import { query, replaceQuery } from '../../routing/navigate.ts';
import { devicePath, scenarioPath } from '../../routing/route.ts';
import { scenarios } from '../../store/catalogue.ts';
import { PreviewStore, type Span } from '../../store/preview.ts';
import { runs } from '../../store/runs.ts';
import { RunList } from '../home/runs-panel.tsx';
import { Panel } from '../parts/panel.tsx';
import { Problem } from '../parts/problem.tsx';
import { CascadeLine } from './cascade-line.tsx';
import { CopyLink } from './copy-link.tsx';
import { ParameterForm } from './parameter-form.tsx';
import { queryOf, readDuration, readSeed, textsIn } from './parameters.ts';
import { Preview } from './preview.tsx';
import { ScenarioProblem } from './scenario-problem.tsx';
import { StreamFacts } from './stream-facts.tsx';

export function ScenarioPage({ name }: { name: string }): JSX.Element {
  const loaded = scenarios.value;
  const scenario =
    loaded.state === 'done' && loaded.answer.ok ? loaded.answer.value.find((known) => known.name === name) : undefined;
  const title = scenario?.title ?? name;
  useEffect(() => {
    document.title = `${title} · Lightsleeper`;
  }, [title]);
  if (loaded.state === 'loading')
    return <div class="loading card-shape" role="status" aria-label="Loading the scenario" />;
  if (!loaded.answer.ok) return <Problem text={`The scenario could not be read. ${loaded.answer.problem}`} />;
  if (scenario === undefined) return <Gone name={name} scenarios={loaded.answer.value} />;
  return (
    <div class="scenario">
      <header class="scenario-head">
        <div>
          <h1>{scenario.title}</h1>
          <p class="second">{scenario.description}</p>
          {scenario.device !== '' && (
            <p class="scenario-device">
              <span>
                <span class="quiet">on</span> <a href={devicePath(scenario.device)}>{scenario.device}</a>
              </span>
              <CascadeLine scenario={scenario} />
            </p>
          )}
        </div>
        {scenario.problem === null && <CopyLink />}
      </header>
      {scenario.problem === null ? (
        <Setup scenario={scenario} />
      ) : (
        <Panel title="What is wrong">
          <ScenarioProblem text={scenario.problem} />
        </Panel>
      )}
    </div>
  );
}

const ADDRESS_MILLISECONDS = 200;

/** Parameters beside what a run with them will get. The address follows both. */
function Setup({ scenario }: { scenario: OfferedScenario }): JSX.Element {
  const { name } = scenario;
  const texts = useSignal(textsIn(query.peek(), scenario));
  const preview = useMemo(
    () =>
      new PreviewStore(
        name,
        computed(() => readSeed(texts.value.seed)),
        computed(() => readDuration(texts.value.duration)),
        Math.min(2000, 200 * Math.ceil(innerWidth / 200)),
        spanIn(query.peek()),
      ),
    [name],
  );
  useEffect(() => preview.follow(), [preview]);
  useEffect(
    () =>
      effect(() => {
        const { chosen } = preview;
        const place = chosen === null ? null : preview.span.value;
        const asked = {
          ...queryOf(texts.value, scenario),
          from: place === null ? null : String(place.from),
          to: place === null ? null : String(place.to),
        };
        // Browsers count changes of the address, and dragging makes many.
        const timer = setTimeout(() => replaceQuery(asked), ADDRESS_MILLISECONDS);
        return () => clearTimeout(timer);
      }),
    [preview, texts, scenario],
  );
  const own = (runs.value ?? []).filter((run) => run.scenario === name);
  return (
    <div class="setup">
      <div class="setup-side">
        <Panel title="Set up a run">
          <ParameterForm scenario={scenario} texts={texts} />
        </Panel>
        {scenario.stream !== null && (
          <Panel title="What happens" aside={<span class="quiet">as the file has it</span>}>
            <StreamFacts stream={scenario.stream} />
          </Panel>
        )}
        {own.length > 0 && (
          <Panel title="Its runs" aside={<span class="quiet">{own.length}, newest first</span>}>
            <RunList runs={own} />
          </Panel>
        )}
      </div>
      <Preview scenario={name} store={preview} />
    </div>
  );
}

function spanIn(query: URLSearchParams): Span | null {
  const [from, to] = [query.get('from'), query.get('to')].map((text) => (text === null ? Number.NaN : Number(text)));
  return from >= 0 && to > from && Number.isFinite(to) ? { from, to } : null;
}

/** Names so far from what was asked for are no help. */
const FARTHEST = 0.6;

function Gone({ name, scenarios }: { name: string; scenarios: readonly OfferedScenario[] }): JSX.Element {
  const near = scenarios
    .map((scenario) => ({ scenario, far: distance(name.toLowerCase(), scenario.name.toLowerCase()) }))
    .filter(({ scenario, far }) => far <= FARTHEST * Math.max(name.length, scenario.name.length))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3);
  return (
    <div class="empty">
      <h1>This scenario is not here</h1>
      <p>
        There is no file <code>scenarios/{name}.yaml</code> that the server knows: it was renamed or removed, or the
        link has a slip.
      </p>
      {near.length > 0 && (
        <>
          <p>Its name is near to:</p>
          <ul class="near">
            {near.map(({ scenario }) => (
              <li key={scenario.name}>
                <a href={scenarioPath(scenario.name, query.value)}>{scenario.title}</a> <span>({scenario.name})</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <a class="button" href="/">
        All scenarios
      </a>
    </div>
  );
}
