import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type {
  Difference,
  MeasuredValue,
  MeasureGroup,
  OutcomeDifference,
  RunComparison,
} from '../../../server/runs/compare/comparison.ts';
import { strokeOf } from '../../draw/run-strokes.ts';
import { amount, chanceOf, change, isBetter, measured, relativeChange } from '../../format/measure.ts';
import { Panel } from '../parts/panel.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { RunMark } from './run-mark.tsx';

const TABLES: ReadonlyArray<readonly [group: MeasureGroup, title: string, of: string]> = [
  ['outcome', 'What came out differently', 'Measure'],
  ['stage', 'By stage', 'Stage'],
  ['rail', 'By rail', 'Rail'],
  ['core state', 'By core and what it did', 'Core'],
];
/** Rows of a long table that are shown at first. */
const FEW = 8;
/** So few more are shown at once, rather than a button. */
const FEW_MORE = 3;

const isEnergy = (group: MeasureGroup): boolean => group === 'rail' || group === 'core state';

/** What came out differently, the largest first; what is alike is named at the end. */
export function Outcomes({ comparison }: { comparison: RunComparison }): JSX.Element {
  const { runs, outcomes, alike, reference } = comparison;
  const shown = runs.flatMap((run, place) => (run.kind === 'reported' ? [place] : []));
  const tested = outcomes.flatMap(({ name, differences }) =>
    differences.flatMap((difference, place) =>
      difference?.chance.kind === 'tested' ? [{ name, place, how: difference.chance.how }] : [],
    ),
  );
  const first = strokeOf(reference ?? 0).letter;
  const others = shown.filter((place) => place !== reference);
  const paired = others.filter((place) => {
    const run = runs[place];
    return run?.kind === 'reported' && run.paired;
  });
  const letters = (places: readonly number[]) => places.map((place) => strokeOf(place).letter).join(', ');
  const apart = others.filter((place) => !paired.includes(place));
  return (
    <div class="outcomes" data-shown={shown.length}>
      {TABLES.map(([group, title, of]) => {
        const rows = outcomes.filter((outcome) => outcome.group === group);
        if (rows.length === 0 && group !== 'outcome') return null;
        return (
          <Panel
            key={group}
            title={title}
            area={group === 'outcome' ? 'outcomes-main' : ''}
            aside={
              <span class="quiet">
                {isEnergy(group) && `${rows[0]?.name}, lower is better, `}
                against {first}, the largest first
              </span>
            }
          >
            {rows.length === 0 ? (
              <p class="second">Nothing: all of these runs came to the same figures.</p>
            ) : (
              <Differences title={title} of={of} rows={rows} shown={shown} reference={reference} />
            )}
            {group === 'outcome' && (
              <div class="note quiet">
                {alike.some(({ of }) => of === null) && (
                  <p>
                    The same for all:{' '}
                    {alike
                      .filter(({ of }) => of === null)
                      .map(({ name }) => name)
                      .join(', ')}
                    .
                  </p>
                )}
                {paired.length > 0 && (
                  <p>
                    {letters(paired)} heard the very stream of {first}: figures that are simulated from it (power, life,
                    latency, gain, reach) are exact there, and differ for what was set. On another stream they may
                    differ otherwise.
                  </p>
                )}
                {apart.length > 0 && (
                  <p>
                    {letters(apart)} heard another stream or another length of it, once: whether power, life, latency or
                    reach differ by chance is not known. Runs of the same scenario, seed and duration can tell.
                  </p>
                )}
                {tested.length > 0 && (
                  <details>
                    <summary>How it is told from chance</summary>
                    <ul>
                      {tested.map(({ name, place, how }) => (
                        <li key={`${name} ${place}`}>
                          {strokeOf(place).letter}, {name}: {how}.
                        </li>
                      ))}
                    </ul>
                    <p>
                      “Beyond chance” is p below 5 %, for each difference by itself: of twenty that are none, one looks
                      like it. The same recordings are heard again and again, which the tests do not know: they make a
                      difference look surer than it is. Intervals are at 95 %.
                    </p>
                  </details>
                )}
              </div>
            )}
          </Panel>
        );
      })}
    </div>
  );
}

interface DifferencesProps {
  readonly title: string;
  readonly of: string;
  readonly rows: readonly OutcomeDifference[];
  readonly shown: readonly number[];
  readonly reference: number | null;
}

function Differences({ title, of, rows, shown, reference }: DifferencesProps): JSX.Element {
  const all = useSignal(false);
  const isLong = rows.length > FEW + FEW_MORE;
  const some = all.value || !isLong ? rows : rows.slice(0, FEW);
  return (
    <>
      <Scroll label={title}>
        <table class="side-by-side">
          <thead>
            <tr>
              <th>{of}</th>
              {shown.map((place) => (
                <th key={place} class="number">
                  <RunMark place={place} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {some.map((row) => (
              <tr key={`${row.name} ${row.of}`}>
                <th scope="row">
                  {row.of === null ? row.name : row.group === 'stage' ? `${row.of}, ${row.name}` : row.of}{' '}
                  {!isEnergy(row.group) && <span class="quiet">{row.better} is better</span>}
                </th>
                {shown.map((place) => (
                  <td key={place} class="number" data-label={strokeOf(place).letter}>
                    <Value value={row.values[place] ?? null} row={row} />
                    {place !== reference && <Against difference={row.differences[place] ?? null} row={row} />}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {isLong && (
        <button
          type="button"
          class="plain"
          aria-expanded={all.value}
          onClick={() => {
            all.value = !all.value;
          }}
        >
          {all.value ? 'Show the largest' : `Show all ${rows.length}`}
        </button>
      )}
    </>
  );
}

const Value = ({ value, row }: { value: MeasuredValue | null; row: OutcomeDifference }): JSX.Element => (
  <>
    <span class="value">{measured(value, row.unit)}</span>
    {value?.interval && (
      <span class="quiet interval">
        {amount(value.interval[0], row.unit)} to {amount(value.interval[1], row.unit)}
      </span>
    )}
  </>
);

function Against({ difference, row }: { difference: Difference | null; row: OutcomeDifference }): JSX.Element | null {
  if (difference === null) return null;
  const { absolute, relative, chance } = difference;
  if (absolute === null) return <span class="quiet">no end to compare with</span>;
  const good = isBetter(difference, row.better);
  return (
    <>
      <span class="difference" data-good={good ?? 'alike'}>
        {absolute === 0
          ? 'the same'
          : `${change(absolute, row.unit)}${relative === null ? '' : ` (${relativeChange(relative)})`} ${good ? 'better' : 'worse'}`}
      </span>
      {chance.kind === 'tested' && absolute !== 0 && (
        <span class={chance.beyond ? 'chance' : 'chance quiet'}>
          {chance.beyond ? 'beyond chance' : 'may be chance'}, {chanceOf(chance.p)}
        </span>
      )}
    </>
  );
}
