// What happens when the battery cannot bear the load: cores and actuators lose their power and come back, or protection opens and all is off
// until a charger is plugged in.

import type { Cascade } from './cascade.ts';
import type { LostJob } from './core.ts';
import { Mode } from './core-state.ts';
import type { Device } from './device.ts';
import { isEverPlugged } from './hours.ts';
import { MEMORY_LEVELS } from './memory.ts';
import type { Sensor } from './sensor.ts';

export class Outage {
  private readonly device: Device;
  private readonly sensor: Sensor;
  private readonly cascade: Cascade;
  private readonly highestBrownOut: number;

  constructor(device: Device, sensor: Sensor, cascade: Cascade) {
    this.device = device;
    this.sensor = sensor;
    this.cascade = cascade;
    this.highestBrownOut = Math.max(...device.plan.rails.map((rail) => rail.brownOut));
  }

  /** Whether all goes on with the load of this moment: no rail browns out, protection stays closed. */
  get isNone(): boolean {
    const { plan, supply } = this.device;
    if (plan.supply.kind === 'ideal' || supply.isCalm) return true;
    const voltage = supply.voltage();
    return voltage >= this.highestBrownOut && voltage >= plan.supply.battery.cutoff && !supply.isEmpty;
  }

  /**
   * The battery does not bear the load. A peak browns out at once what cannot bear the dip; protection is slower, and disconnects the
   * battery when what is left still pulls it under its cutoff, or when it is empty.
   */
  begin(): void {
    const { plan, supply } = this.device;
    let voltage = supply.voltage();
    if (!(voltage >= this.highestBrownOut)) voltage = this.brownOut(voltage);
    const cutoff = plan.supply.kind === 'battery' ? plan.supply.battery.cutoff : 0;
    if (!(voltage >= cutoff) || supply.isEmpty) this.disconnect();
  }

  /** A charger was plugged in while protection had opened: all comes back, and cores boot cold. */
  end(): void {
    const { cores, entries, ledger, memories, plan, policy, state } = this.device;
    state.offSince = Number.POSITIVE_INFINITY;
    state.nextWindow = Math.floor(this.device.now / plan.hop);
    this.sensor.reckon();
    plan.memories.forEach(({ owner }, index) => {
      if (owner === null) memories[index].setMode(MEMORY_LEVELS.retained);
    });
    for (let entry = entries.links; entry < entries.sensor; entry++) ledger.set(entry, 0);
    ledger.set(entries.sensorLink, 0);
    ledger.set(entries.sensor, policy.sensorMode);
    this.sensor.applyRules();
    for (const core of cores) core.powerBack();
    this.sensor.arm();
  }

  /** Off, it hears nothing of what is known; what a charger may let it hear is kept. */
  skipScores(): void {
    const { now, plan, scores } = this.device;
    scores.skip(isEverPlugged(plan.hours) ? Math.floor(now / plan.hop) : scores.end);
  }

  /**
   * The loaded voltage is below what some rails need (not a number: the load is more than the cell can give, P > OCV²/4R): what hangs on
   * them loses its state, and cores boot cold. Returns the voltage under what is left.
   */
  private brownOut(dip: number): number {
    const { actuators, cores, plan, state, supply } = this.device;
    let voltage = dip;
    for (let count = 0; !(voltage >= this.highestBrownOut); count++) {
      const sags = (rail: number) => !(voltage >= plan.rails[rail].brownOut);
      const sagging = cores.flatMap((core, index) =>
        sags(core.plan.rail) && core.state.mode !== Mode.Off ? [index] : [],
      );
      const active = actuators.filter((actuator, index) => sags(plan.actuators[index].rail) && actuator.isOn);
      if (sagging.length + active.length === 0) break;
      if (count === 0) state.brownOuts++;
      for (const core of sagging) this.cutPower(core, true);
      for (const actuator of active) actuator.stop();
      supply.follow();
      voltage = supply.voltage();
    }
    return voltage;
  }

  private cutPower(index: number, restart: boolean): void {
    const { links, cores } = this.device;
    const { cascade } = this;
    const ending = restart ? 'brown-out' : 'off';
    const lose = ({ stage, slot, received }: LostJob) => {
      if (!received) cascade.sent(stage);
      if (slot >= 0) cascade.end(stage, slot, ending);
    };
    for (const link of links) link.forget(index);
    cores[index].powerLost(restart).forEach(lose);
    // What it had yet to send is gone as well.
    cores.forEach((receiver, other) => {
      if (other === index || receiver.state.mode === Mode.Off) return;
      const { stage, mode } = receiver.state;
      const comesFromThere = (stage: number) => cascade.senderOf(stage) === index;
      if (mode === Mode.Receiving && comesFromThere(stage)) for (const link of links) link.forget(other);
      receiver.inputsLost(comesFromThere).forEach(lose);
    });
  }

  /** Protection opens: all is off, until a charger is plugged in. */
  private disconnect(): void {
    const { alarms, alarmOf, cores, ledger, state, supply } = this.device;
    state.offSince = alarms.now;
    cores.forEach((_, index) => {
      this.cutPower(index, false);
    });
    for (let component = 0; component < alarmOf.end; component++) alarms.cancel(component);
    ledger.entries.forEach(({ levels }, component) => {
      ledger.set(component, levels.length - 1);
    });
    supply.disconnect();
    this.skipScores();
  }
}
