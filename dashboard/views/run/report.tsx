import type { ComponentChildren, JSX } from 'preact';
import type { RunReport } from '../../../server/runs/report/report.ts';
import { count, percent, quantity, significant, times } from '../../format/quantity.ts';
import { span } from '../../format/time.ts';
import { Panel } from '../parts/panel.tsx';

/** Components that took less of the energy are left out. */
const SMALLEST = 0.003;

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
          {Object.entries(energy.byComponent)
            .filter(([, joules]) => joules > SMALLEST * energy.totalJoules)
            .sort(([, a], [, b]) => b - a)
            .map(([component, joules]) => `${component} ${percent(joules / energy.totalJoules)}`)
            .join(', ')}
        </Fact>
        <Fact name="Rests on estimates" value={percent(energy.byConfidence.estimated / energy.totalJoules)}>
          of the energy; {percent(energy.byConfidence.derived / energy.totalJoules)} on derived figures,{' '}
          {percent(energy.byConfidence.datasheet / energy.totalJoules)} on data sheets,{' '}
          {percent(energy.byConfidence.measured / energy.totalJoules)} measured
        </Fact>
        {baseline && (
          <Fact name="Gain over no gates" value={`${times(baseline.gainDevice)} of the device`}>
            {times(baseline.gainCompute)} of compute alone, against {baseline.stage} for every window on {baseline.core}{' '}
            ({quantity(baseline.energyJoules, 'J')})
          </Fact>
        )}
        {baseline && (
          <Fact
            name="Gain over the best single model"
            value={`${times(baseline.bestSingleCore.gainDevice)} of the device`}
          >
            {times(baseline.bestSingleCore.gainCompute)} of compute alone, against {baseline.bestSingleCore.stage} on{' '}
            {baseline.bestSingleCore.core} ({quantity(baseline.bestSingleCore.energyJoules, 'J')})
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
          .{' '}
          {baseline.quality === null
            ? 'Without gates the quality is not matched: a model has no operating curve in its card.'
            : `By the curves of the models' cards it misses ${percent(baseline.quality.missRate)} without gates, at most ${percent(baseline.quality.cascade.missRate)} with them.`}
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
