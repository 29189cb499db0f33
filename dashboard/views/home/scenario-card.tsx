import type { JSX } from 'preact';
import type { OfferedScenario, StreamView } from '../../../server/runs/views.ts';
import { about, restsOn, wallSeconds } from '../../format/pace.ts';
import { span } from '../../format/time.ts';
import { devicePath, scenarioPath } from '../../routing/route.ts';
import { CascadeLine } from '../scenario/cascade-line.tsx';
import { ScenarioProblem } from '../scenario/scenario-problem.tsx';
import { StreamFacts } from '../scenario/stream-facts.tsx';

export function ScenarioCard({ scenario }: { scenario: OfferedScenario }): JSX.Element {
  const { name, title, description, device, durationSeconds, problem, stream, pace } = scenario;
  const path = scenarioPath(name);
  return (
    <article class="panel card" aria-label={title}>
      <header>
        <h2>
          <a href={path}>{title}</a>
        </h2>
        {stream !== null && <span class="quiet nowrap">{senseOf(stream)}</span>}
      </header>
      <p class="second">{description}</p>
      {problem !== null && <ScenarioProblem text={problem} />}
      {stream !== null && (
        <>
          <CascadeLine scenario={scenario} />
          <StreamFacts stream={stream} />
          <dl class="facts">
            <div>
              <dt>Device</dt>
              <dd>
                <a href={devicePath(device)}>{device}</a>
              </dd>
            </div>
            <div>
              <dt>Duration</dt>
              <dd>{span(durationSeconds)}</dd>
            </div>
            {pace !== null && (
              <div class="wide">
                <dt>At full speed</dt>
                <dd>
                  {about(wallSeconds(pace, durationSeconds, 'max'))}{' '}
                  <span class="quiet">{restsOn(pace, stream.sense)}</span>
                </dd>
              </div>
            )}
          </dl>
          <a class="button set-up" href={path} aria-label={`Set up a run of ${title}`}>
            Set up a run
          </a>
        </>
      )}
    </article>
  );
}

const senseOf = ({ sense, sensor }: StreamView): string => `${sense}, by ${sensor}`;
