import type { JSX } from 'preact';
import type { RunReport } from '../../../server/runs/report.ts';
import { percent, quantity, significant } from '../../format/quantity.ts';
import { span } from '../../format/time.ts';
import { Panel } from '../parts/panel.tsx';

/** What a finished run says, gains always beside what they have to be read with. */
export function Report({ report }: { report: RunReport }): JSX.Element {
  const { battery, baseline, detections, energy } = report;
  return (
    <Panel title="Report">
      <p>
        Lasts <strong>{span(battery.lifeHours * 3600)}</strong>
        {battery.lifeExtrapolated && ' (extrapolated)'} from {percent(battery.startSoc)} at{' '}
        {quantity(battery.averageMilliwatts / 1e3, 'W')}. Missed {percent(detections.missRate)} (95 %:{' '}
        {percent(detections.missRateInterval[0])} to {percent(detections.missRateInterval[1])}),{' '}
        {significant(detections.falseAcceptsPerHour)} false accepts an hour (95 %:{' '}
        {significant(detections.falseAcceptsPerHourInterval[0])} to{' '}
        {significant(detections.falseAcceptsPerHourInterval[1])}).
      </p>
      <ul class="parts">
        {Object.entries(energy.byRail).map(([rail, joules]) => (
          <li key={rail} class="number">
            {rail} {quantity(joules, 'J')}
          </li>
        ))}
      </ul>
      {baseline && (
        <p>
          Against {baseline.stage} on every window on {baseline.core} ({quantity(baseline.energyJoules, 'J')}): gain{' '}
          {significant(baseline.gainDevice)}x of the device, {significant(baseline.gainCompute)}x of compute alone, with{' '}
          {percent(baseline.context.positiveRate)} of the time positive, a floor of{' '}
          {quantity(baseline.context.floorMilliwatts / 1e3, 'W')} and{' '}
          {Object.entries(baseline.context.picojoulesPerMac)
            .map(([core, picojoules]) => `${significant(picojoules)} pJ/MAC on ${core}`)
            .join(', ')}
          .
        </p>
      )}
    </Panel>
  );
}
