import type { JSX } from 'preact';
import type { Frame, RunLayout } from '../../../server/runs/views.ts';
import { actOutcome, actWords } from '../../format/act-words.ts';
import { moment } from '../../format/time.ts';
import { detections, marks, severalDays } from '../../store/run.ts';
import { VerdictMark } from '../parts/icons.tsx';
import { Scroll } from '../parts/scroll.tsx';

/** What was done, the newest first, and what came of it. */
export function ActList({ layout, now }: { layout: RunLayout; now: Frame }): JSX.Element {
  const inputs = marks.value;
  if (inputs.length === 0) return <p class="quiet note">Nothing was done to it yet.</p>;
  const seen = {
    now: now.simulatedSeconds,
    target: layout.label,
    detections: detections.value,
    inputs,
    severalDays: severalDays.value,
  };
  return (
    <Scroll label="What was done, the newest first">
      <table class="acts">
        <thead>
          <tr>
            <th>Simulated time</th>
            <th>What was done</th>
            <th>What came of it</th>
          </tr>
        </thead>
        <tbody aria-live="polite">
          {[...inputs].reverse().map((input) => {
            const { text, verdict } = actOutcome(input, seen);
            return (
              <tr key={input.number}>
                <td class="nowrap">{moment(input.simulatedSeconds, seen.severalDays)}</td>
                <td>{actWords(input.act)}</td>
                <td>
                  {verdict && <VerdictMark kind={verdict} />} {text}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
