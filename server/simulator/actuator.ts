// Something that a detection starts (a radio, a screen): on for a while, longer when it is asked again meanwhile.

import type { Alarms } from './alarms.ts';
import type { Ledger } from './ledger.ts';
import type { ActuatorPlan } from './plan.ts';

export const ACTUATOR_IDLE = 0;
export const ACTUATOR_ACTIVE = 1;

export class Actuator {
  readonly state = { starts: 0 };
  private readonly plan: ActuatorPlan;
  private readonly alarms: Alarms;
  private readonly alarm: number;
  private readonly ledger: Ledger;
  private readonly entry: number;

  constructor(plan: ActuatorPlan, alarms: Alarms, alarm: number, ledger: Ledger, entry: number) {
    this.plan = plan;
    this.alarms = alarms;
    this.alarm = alarm;
    this.ledger = ledger;
    this.entry = entry;
  }

  get isOn(): boolean {
    return this.ledger.levelOf(this.entry) === ACTUATOR_ACTIVE;
  }

  start(): void {
    this.state.starts++;
    this.ledger.set(this.entry, ACTUATOR_ACTIVE);
    this.alarms.set(this.alarm, this.alarms.now + this.plan.duration);
  }

  ring(): void {
    this.stop();
  }

  stop(): void {
    this.alarms.cancel(this.alarm);
    this.ledger.set(this.entry, ACTUATOR_IDLE);
  }
}
