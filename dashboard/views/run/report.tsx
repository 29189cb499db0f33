import type { ComponentChildren, JSX } from 'preact';
import type { RunReport } from '../../../server/runs/report.ts';
import { count, percent, quantity, significant, times } from '../../format/quantity.ts';
import { span } from '../../format/time.ts';
import { Panel } from '../parts/panel.tsx';

/** What a finished run says, gains always beside what they have to be read with. */
export function Report({ report }: { report: RunReport }): JSX.Element {
  const { battery, baseline, detections, energy } = report;
  const [lowMiss, highMiss] = detections.missRateInterval;
  const [lowFalse, highFalse] = detections.falseAcceptsPerHourInterval;
  return (
    <Panel title="Report" area="report" aside={<span class="quiet">{span(report.simulatedSeconds)} simulated</span>}>
      <dl class="facts">
        <Fact name="Battery lasts" value={battery.lifeHours === null ? 'for ever' : span(battery.lifeHours * 3600)}>
          {battery.lifeExtrapolated && 'extrapolated, '}from {percent(battery.startSoc)}, at{' '}
          {quantity(battery.averageMilliwatts / 1e3, 'W')} on average
        </Fact>
        <Fact name="Missed" value={percent(detections.missRate)}>
          {count(detections.misses)} of {count(detections.events)}; 95 %: {percent(lowMiss)} to {percent(highMiss)}
        </Fact>
        <Fact name="False accepts" value={`${significant(detections.falseAcceptsPerHour)} an hour`}>
          95 %: {significant(lowFalse)} to {significant(highFalse)}
        </Fact>
        <Fact name="Energy" value={quantity(energy.totalJoules, 'J')}>
          {Object.entries(energy.byRail)
            .map(([rail, joules]) => `${rail} ${quantity(joules, 'J')}`)
            .join(', ')}
        </Fact>
        {baseline && (
          <Fact name="Gain over no gates" value={`${times(baseline.gainDevice)} of the device`}>
            {times(baseline.gainCompute)} of compute alone, against {baseline.stage} for every window on {baseline.core}{' '}
            ({quantity(baseline.energyJoules, 'J')})
          </Fact>
        )}
      </dl>
      {baseline && (
        <p class="quiet note">
          Gains hold for {percent(baseline.context.positiveRate)} of the time positive, a floor of{' '}
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

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly children: ComponentChildren;
}

const Fact = ({ name, value, children }: FactProps): JSX.Element => (
  <div>
    <dt>{name}</dt>
    <dd class="reading-large">{value}</dd>
    <dd class="second">{children}</dd>
  </div>
);
