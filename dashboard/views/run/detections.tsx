import type { JSX } from 'preact';
import type { DetectionView, Frame } from '../../../server/runs/views.ts';
import { count, quantity } from '../../format/quantity.ts';
import { moment } from '../../format/time.ts';
import { causeName, verdictName } from '../../format/words.ts';
import { detections, severalDays } from '../../store/run.ts';
import { VerdictMark } from '../parts/icons.tsx';
import { Panel } from '../parts/panel.tsx';
import { Scroll } from '../parts/scroll.tsx';

const SHOWN = 100;

interface Props {
  readonly counts: Frame['detections'];
  readonly stages: readonly string[];
}

/** What was heard, missed and imagined; the newest first. */
export function Detections({ counts, stages }: Props): JSX.Element {
  const list = detections.value.slice(-SHOWN).reverse();
  return (
    <Panel
      title="Detections"
      aside={
        <span class="number" id="detection-counts">
          {count(counts.truePositives)} heard · {count(counts.misses)} missed · {count(counts.falseAccepts)} false
        </span>
      }
    >
      {list.length === 0 ? (
        <p class="second">Nothing heard yet.</p>
      ) : (
        <Scroll label="Detections, the newest first">
          <table>
            <thead>
              <tr>
                <th>Time</th>
                <th>Verdict</th>
                <th>Sound</th>
                {stages.map((stage) => (
                  <th key={stage}>{stage}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {list.map((detection) => (
                <Row key={detection.index} detection={detection} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}

function Row({ detection }: { detection: DetectionView }): JSX.Element {
  const { verdict } = detection;
  return (
    <tr>
      <td class="number">{moment(detection.simulatedSeconds, severalDays.value)}</td>
      <td>
        <VerdictMark kind={verdict.kind} /> {verdictName[verdict.kind]}
        {verdict.kind === 'miss' && `: ${causeName(verdict.cause)}`}
        {verdict.kind === 'true-positive' && ` after ${quantity(verdict.latencyMilliseconds / 1e3, 's')}`}
      </td>
      <td class="second">{detection.clip ?? '–'}</td>
      {detection.scores.map((score, index) => (
        <td key={index} class="number">
          {score === null ? '–' : score.toFixed(2)}
        </td>
      ))}
    </tr>
  );
}
