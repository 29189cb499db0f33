import type { ComponentChildren, JSX } from 'preact';
import type { Frame, RunLayout } from '../../../server/runs/views.ts';
import { paintCore, paintSounds, paintTicks, paintVerdicts } from '../../draw/lanes.ts';
import { paintMarks } from '../../draw/marks.ts';
import { asleep } from '../../draw/palette.ts';
import { type Surface, useCanvas } from '../../draw/use-canvas.ts';
import { count, percent } from '../../format/quantity.ts';
import { moment } from '../../format/time.ts';
import { kindName } from '../../format/words.ts';
import { chooseRange, RANGES, range, type Shown, shown } from '../../store/range.ts';
import { detections, lastWakes, marks, measured, severalDays, sounds } from '../../store/run.ts';
import { Choices } from '../parts/choices.tsx';
import { Panel } from '../parts/panel.tsx';

/** What sounded, what each core did then and what came of it, one lane under the other on one axis of simulated time. */
export function Timeline({ layout, frame }: { layout: RunLayout; frame: Frame }): JSX.Element {
  return (
    <Panel
      title="What woke it"
      area="timeline"
      aside={<Choices label="Stretch that is shown" options={RANGES} value={range.value} onChoose={chooseRange} />}
    >
      <Lane
        label="Events over the background, by name"
        paint={(surface, stretch) => paintSounds(surface, stretch, sounds.value, layout.label)}
      >
        <strong>{layout.sensor}</strong>
        <span class="quiet">looks for “{layout.label}”</span>
      </Lane>
      {layout.cores.map((core, index) => (
        <CoreLane key={core.name} layout={layout} core={core} index={index} seen={frame.cores[index]} />
      ))}
      <Lane
        label="Detections, misses and false accepts"
        paint={(surface, stretch) => paintVerdicts(surface, stretch, detections.value)}
      >
        <strong>verdicts</strong>
        <span class="quiet">found, missed, false</span>
      </Lane>
      <Lane label="Simulated time" small paint={paintTicks}>
        <span class="quiet">simulated time</span>
      </Lane>
      <p class="quiet note">
        A core’s height is its share of time awake, on a square-root scale.
        {marks.value.length > 0 && ' A line across the lanes is what somebody did, tinted for as long as it lasts.'}
      </p>
    </Panel>
  );
}

interface CoreLaneProps {
  readonly layout: RunLayout;
  readonly core: RunLayout['cores'][number];
  readonly index: number;
  readonly seen: Frame['cores'][number];
}

function CoreLane({ layout, core, index, seen }: CoreLaneProps): JSX.Element {
  const stages = layout.stages.filter((stage) => stage.core === core.name).map(({ name }) => name);
  const activity = core.activities[seen.activity] ?? '';
  const wake = lastWakes.value[index];
  const share = percent(asleep(core.activities, seen.residency));
  return (
    <Lane
      label={`${core.name} over simulated time: asleep ${share} just now`}
      kind={core.kind}
      paint={(surface, stretch) => paintCore(surface, stretch, core, measured.value?.map.residency[index] ?? [])}
    >
      <span>
        <i class="dot" data-lit={activity === 'active'} /> <strong>{core.name}</strong>{' '}
        <span class="quiet">
          {kindName[core.kind]}
          {stages.length > 0 && `, runs ${stages.join(', ')}`}
        </span>
      </span>
      <span class="second">
        {activity}, asleep {share}
      </span>
      <span class="quiet">
        {count(seen.wakes)} wakes
        {/* The first stage's core wakes for every window: nothing in particular woke it. */}
        {wake && core.name !== layout.stages[0]?.core && (
          <>
            {' '}
            · {moment(wake.simulatedSeconds, severalDays.value)} {wake.labels.join(', ') || 'background'}
          </>
        )}
      </span>
    </Lane>
  );
}

interface LaneProps {
  readonly label: string;
  readonly kind?: string;
  readonly small?: boolean;
  readonly paint: (surface: Surface, shown: Shown) => void;
  readonly children: ComponentChildren;
}

function Lane({ label, kind, small, paint, children }: LaneProps): JSX.Element {
  const ref = useCanvas((surface) => {
    const stretch = shown();
    if (!stretch) return;
    paint(surface, stretch);
    // Not over the writing of the axis.
    if (!small) paintMarks(surface, stretch, marks.value);
  });
  return (
    <div class="lane" data-kind={kind} data-small={small}>
      <div class="lane-head">{children}</div>
      <canvas ref={ref} role="img" aria-label={label} />
    </div>
  );
}
