// What can be said of a device to somebody who looks at it: plain data, ready for JSON.

import type { CoreKind } from '../runs/report/report.ts';
import type { PointCheck, StateCheck } from './check.ts';

export interface DeviceParts {
  readonly sensors: ReadonlyArray<{
    readonly name: string;
    readonly kind: 'microphone' | 'imu' | 'camera';
    readonly part: string;
    readonly rail: string;
    /** Cores that it can be wired to. */
    readonly cores: readonly string[];
    readonly gatesByItself: boolean;
  }>;
  readonly cores: ReadonlyArray<{
    readonly name: string;
    readonly kind: CoreKind;
    readonly part: string;
    readonly rail: string;
    readonly precision: string;
  }>;
  readonly memories: ReadonlyArray<{
    readonly name: string;
    /** The core whose power states govern it. */
    readonly core: string | null;
    readonly rail: string;
    readonly size: string;
    readonly nonVolatile: boolean;
  }>;
  readonly links: ReadonlyArray<{
    readonly name: string;
    readonly from: string;
    readonly to: string;
    readonly rail: string;
    readonly bandwidth: string;
  }>;
  readonly rails: ReadonlyArray<{
    readonly name: string;
    readonly volts: number;
    /** Null: it draws from the battery directly. */
    readonly regulator: string | null;
  }>;
  readonly actuators: ReadonlyArray<{ readonly name: string; readonly part: string; readonly rail: string }>;
  readonly battery: { readonly part: string; readonly capacity: string; readonly charger: string | null };
}

export interface StateView extends Omit<StateCheck, 'breakEvenSeconds'> {
  /** Null: never. */
  readonly breakEvenSeconds: { readonly shallowest: number | null; readonly before: number | null };
}

export interface DischargeView {
  readonly name: string;
  readonly isCold: boolean;
  readonly milliampereHours: number;
  readonly wattHours: number;
  /** Of the capacity that the data sheet gives. */
  readonly shareOfCapacity: number;
  /** Loaded volts over mAh drawn, from a full cell to its cutoff. */
  readonly points: ReadonlyArray<readonly [milliampereHours: number, volts: number]>;
}

export interface DevicePortrait {
  readonly parts: DeviceParts;
  readonly states: readonly StateView[];
  readonly points: readonly PointCheck[];
  readonly warnings: readonly string[];
  readonly battery: {
    readonly model: string;
    readonly cutoffVolts: number;
    /** Of the cell at its age: what 1 C empties in an hour. */
    readonly capacityMilliampereHours: number;
    readonly curves: readonly DischargeView[];
  };
}
