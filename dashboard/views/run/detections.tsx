import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { DetectionView, Frame, RunLayout } from '../../../server/runs/views.ts';
import { count, quantity } from '../../format/quantity.ts';
import { moment } from '../../format/time.ts';
import { causeName, verdictName } from '../../format/words.ts';
import { playProblem, recordingOf } from '../../store/player.ts';
import { detections, detectionsTotal, severalDays } from '../../store/run.ts';
import { VerdictMark } from '../parts/icons.tsx';
import { Panel } from '../parts/panel.tsx';
import { Problem } from '../parts/problem.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Recording } from './recording.tsx';

const SHOWN = 100;

interface Props {
  readonly run: string;
  readonly scenario: string;
  readonly counts: Frame['detections'];
  readonly layout: RunLayout;
}

/** What was found, missed and imagined, with the recording that caused it; the newest first. */
export function Detections({ run, scenario, counts, layout }: Props): JSX.Element {
  const all = detections.value;
  // Frames come ten times a second and detections now and then: rows are only made anew for those.
  const rows = useMemo(
    () =>
      all
        .slice(-SHOWN)
        .reverse()
        .map((detection) => (
          <Row
            key={detection.index}
            run={run}
            scenario={scenario}
            detection={detection}
            stages={layout.stages.map(({ name }) => name)}
          />
        )),
    [all, run, scenario, layout],
  );
  return (
    <Panel
      title="Detections"
      area="detections"
      aside={
        <span class="number" id="detection-counts">
          <VerdictMark kind="true-positive" /> {count(counts.truePositives)} found{'  '}
          <VerdictMark kind="miss" /> {count(counts.misses)} missed{'  '}
          <VerdictMark kind="false-accept" /> {count(counts.falseAccepts)} false
        </span>
      }
    >
      <Problem text={playProblem.value} />
      {rows.length === 0 ? (
        <p class="quiet">No “{layout.label}” came yet, and nothing was taken for it.</p>
      ) : (
        <Scroll label="Detections, the newest first">
          <table>
            <thead>
              <tr>
                <th>Simulated time</th>
                <th>Verdict</th>
                <th>Cause</th>
                {layout.stages.map(({ name }) => (
                  <th key={name} class="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{rows}</tbody>
          </table>
        </Scroll>
      )}
      {detectionsTotal.value > SHOWN && (
        <p class="quiet note">
          The latest {SHOWN} of {count(detectionsTotal.value)}. Stages show the best score that the cause reached.
        </p>
      )}
    </Panel>
  );
}

interface RowProps {
  readonly run: string;
  readonly scenario: string;
  readonly detection: DetectionView;
  readonly stages: readonly string[];
}

function Row({ run, scenario, detection, stages }: RowProps): JSX.Element {
  const { verdict, clip, label } = detection;
  return (
    <tr>
      <td class="nowrap">{moment(detection.simulatedSeconds, severalDays.value)}</td>
      <td>
        <VerdictMark kind={verdict.kind} /> {verdictName[verdict.kind]}
        <span class="quiet">
          {verdict.kind === 'miss' && `, ${causeName(verdict.cause)}`}
          {verdict.kind === 'true-positive' && `, ${delay(verdict.latencyMilliseconds)}`}
        </span>
      </td>
      <td class="nowrap">
        {clip === null ? (
          <span class="quiet">nothing over the background</span>
        ) : (
          <Recording url={recordingOf(run, scenario, clip)} label={label} />
        )}
      </td>
      {detection.scores.map((score, index) => (
        <td key={index} class="number" data-label={stages[index]}>
          {score === null ? '–' : score.toFixed(2)}
        </td>
      ))}
    </tr>
  );
}

function delay(milliseconds: number): string {
  const time = quantity(Math.abs(milliseconds) / 1e3, 's');
  return milliseconds < 0 ? `${time} before it ended` : `${time} after it ended`;
}
