import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { EventSideBySide, RunComparison } from '../../../server/runs/compare/comparison.ts';
import type { Verdict } from '../../../server/runs/views.ts';
import { strokeOf } from '../../draw/run-strokes.ts';
import { count, quantity } from '../../format/quantity.ts';
import { moment, span } from '../../format/time.ts';
import { causeName, verdictName } from '../../format/words.ts';
import { playProblem, recordingUrl } from '../../store/player.ts';
import { VerdictMark } from '../parts/icons.tsx';
import { Panel } from '../parts/panel.tsx';
import { Problem } from '../parts/problem.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Recording } from '../run/recording.tsx';
import { RunMark } from './run-mark.tsx';

const FEW = 25;

/** Events that one run found and another missed, and false accepts that not all made, each with what was heard. */
export function EventsApart({ comparison: { runs, events, reference } }: { comparison: RunComparison }): JSX.Element {
  const all = useSignal(false);
  const first = runs[reference ?? 0];
  if (events === null || first === undefined || first.kind !== 'reported')
    return (
      <Panel title="Same events, other verdicts">
        <p class="second">
          None of the others heard the stream of {strokeOf(reference ?? 0).letter}, so there is no event to lay side by
          side. Runs of the same scenario and seed hear the same.
        </p>
      </Panel>
    );
  const places = events.shares.flatMap((shares, place) => (shares ? [place] : []));
  const rows = all.value ? events.apart : events.apart.slice(0, FEW);
  const severalDays = events.seconds > 86_400;
  const letters = places.map((place) => strokeOf(place).letter).join(', ');
  return (
    <Panel
      title="Same events, other verdicts"
      aside={
        <span class="quiet">
          {letters} over {span(events.seconds)}
        </span>
      }
    >
      <Problem text={playProblem.value} />
      <p class="second">
        Of {count(events.events)} events all found {count(events.foundByAll)} and all missed {count(events.foundByNone)}
        . {events.falseAcceptsOfAll > 0 && `${count(events.falseAcceptsOfAll)} false accepts all made. `}
        {events.apartTotal === 0
          ? 'They agree on every event and every false accept.'
          : `They part on ${count(events.apartTotal)}:`}
      </p>
      {rows.length > 0 && (
        <Scroll label="Events on which the runs part">
          <table>
            <thead>
              <tr>
                <th>Simulated time</th>
                <th>What was heard</th>
                {places.map((place) => (
                  <th key={place}>
                    <RunMark place={place} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.simulatedSeconds} ${row.clip}`}>
                  <td class="nowrap">{moment(row.simulatedSeconds, severalDays)}</td>
                  <td class="nowrap">
                    {row.clip === null ? (
                      <span class="quiet">nothing over the background</span>
                    ) : (
                      <Recording url={recordingUrl(first.run.scenario, row.clip)} label={row.label} />
                    )}
                  </td>
                  {places.map((place) => (
                    <td key={place} data-label={strokeOf(place).letter}>
                      <Told verdict={row.verdicts[place] ?? null} row={row} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {events.apart.length > FEW && (
        <button
          type="button"
          class="plain"
          aria-expanded={all.value}
          onClick={() => {
            all.value = !all.value;
          }}
        >
          {all.value ? `Show the first ${FEW}` : `Show all ${events.apart.length}`}
        </button>
      )}
      {events.apartTotal > events.apart.length && (
        <p class="quiet note">
          The first {count(events.apart.length)} of {count(events.apartTotal)}.
        </p>
      )}
    </Panel>
  );
}

function Told({ verdict, row }: { verdict: Verdict | null; row: EventSideBySide }): JSX.Element {
  if (verdict === null) return <span class="quiet">{row.clip === null ? 'quiet' : 'let it pass'}</span>;
  return (
    <>
      <VerdictMark kind={verdict.kind} /> {verdictName[verdict.kind]}
      <span class="quiet">
        {verdict.kind === 'miss' && `, ${causeName(verdict.cause)}`}
        {verdict.kind === 'true-positive' && `, ${quantity(verdict.latencyMilliseconds / 1e3, 's')}`}
      </span>
    </>
  );
}
