// What the simulator is given: a device, a cascade and its policies as plain numbers. Names are for people; everything refers by index.

import type { Amperes, Bytes, Coulombs, Nanoseconds, Ohms, Volts, Watts } from '../units.ts';
import type { GatePlan } from './gate.ts';

export interface Plan {
  /** A window is complete every hop: window `w` at `(w + 1) · hop`. */
  readonly hop: Nanoseconds;
  readonly rails: readonly RailPlan[];
  readonly supply: SupplyPlan;
  readonly memories: readonly MemoryPlan[];
  readonly links: readonly LinkPlan[];
  readonly sensor: SensorPlan;
  readonly cores: readonly CorePlan[];
  /** In the order of the cascade. */
  readonly stages: readonly StagePlan[];
  readonly actuators: readonly ActuatorPlan[];
  readonly trigger: TriggerPlan;
  /** Power profiles, resolved for this device and cascade. */
  readonly policies: readonly PolicyPlan[];
  readonly startPolicy: number;
  /** By falling charge: below `belowSoc` the device changes to `policy`, until a lower rule holds. */
  readonly rules: readonly RulePlan[];
  /** Null: every hour is like the other, at the temperature of the figures, and nobody charges it. */
  readonly hours: HoursPlan | null;
}

export interface RulePlan {
  readonly belowSoc: number;
  readonly policy: number;
}

/** A stretch of time that comes again and again: a day, or a week of days. */
export interface HoursPlan {
  readonly period: Nanoseconds;
  /** By rising start; the first is 0. */
  readonly spans: readonly HourPlan[];
}

/** Takes the place of the plan's starting policy and rules. */
export interface HourPlan {
  readonly start: Nanoseconds;
  readonly policy: number;
  readonly rules: readonly RulePlan[];
  /** The charger feeds the device, and charges the cell. */
  readonly plugged: boolean;
  /** What the temperature does to the cell: times its resistances, and the share of its capacity that cannot be had. */
  readonly resistanceFactor: number;
  readonly lockedShare: number;
}

export interface RailPlan {
  readonly name: string;
  readonly regulator: RegulatorPlan;
  /** Battery voltage under which what hangs on this rail loses its state and boots cold. */
  readonly brownOut: Volts;
}

export interface RegulatorPlan {
  /** Drawn at no load, from the battery. */
  readonly quiescent: Watts;
  /** By rising load: share of the input that reaches the output; between points linear over the logarithm of the load. Empty: no conversion. */
  readonly efficiency: ReadonlyArray<{ readonly load: Watts; readonly ratio: number }>;
}

export type SupplyPlan =
  | { readonly kind: 'ideal'; readonly volts: Volts }
  | {
      readonly kind: 'battery';
      readonly battery: BatteryPlan;
      readonly startSoc: number;
      readonly charger: ChargerPlan | null;
    };

/** Constant current, then constant voltage, until the current has fallen; while it is plugged in, it feeds the device as well. */
export interface ChargerPlan {
  readonly amperes: Amperes;
  readonly volts: Volts;
  readonly termination: Amperes;
  /** Of what comes from the mains, the share that reaches cell and device. */
  readonly efficiency: number;
}

/** A cell by one of three models, told apart by `kind`; docs/batteries.md says what each shows. */
export type BatteryPlan = TheveninPlan | CoulombPlan | TremblayPlan;

interface CellPlan {
  readonly capacity: Coulombs;
  /** Series resistance. */
  readonly resistance: Ohms;
  /** Share of the capacity lost a second. */
  readonly selfDischargePerSecond: number;
  /** Loaded voltage at which protection disconnects the cell. */
  readonly cutoff: Volts;
}

/** By rising state of charge, from 0 to 1; linear between points. */
export type OpenCircuitCurve = ReadonlyArray<{ readonly soc: number; readonly volts: Volts }>;

/** Open-circuit voltage, series resistance, one RC pair for recovery. */
export interface TheveninPlan extends CellPlan {
  readonly kind: 'thevenin';
  readonly openCircuit: OpenCircuitCurve;
  readonly polarisation: { readonly resistance: Ohms; readonly timeConstantSeconds: number };
}

/** Open-circuit voltage and series resistance: coulombs are counted, nothing recovers. */
export interface CoulombPlan extends CellPlan {
  readonly kind: 'coulomb';
  readonly openCircuit: OpenCircuitCurve;
}

/** The generic model of Tremblay and Shepherd, by points of one discharge curve; `capacity` is the charge that the cell holds at most. */
export interface TremblayPlan extends CellPlan {
  readonly kind: 'tremblay';
  /** Loaded voltage of the full cell. */
  readonly full: Volts;
  /** Loaded voltage, and charge drawn by then, at the end of the exponential zone and of the nominal zone. */
  readonly exponential: CurvePoint;
  readonly nominal: CurvePoint;
  /** That of the curve. */
  readonly typicalCurrent: Amperes;
  /** With which polarisation follows the current. */
  readonly responseSeconds: number;
}

export interface CurvePoint {
  readonly volts: Volts;
  readonly drawn: Coulombs;
}

export interface MemoryPlan {
  readonly name: string;
  readonly rail: number;
  /** The core whose power states govern it; null: powered by itself. */
  readonly owner: number | null;
  readonly onPower: Watts;
  readonly retentionPower: Watts;
  /** Added while one core moves bytes to or from it: energy per byte x bandwidth. */
  readonly accessPower: Watts;
}
export type MemoryMode = 'off' | 'retained' | 'on';

export interface LinkPlan {
  readonly name: string;
  readonly rail: number;
  readonly sleepPower: Watts;
  /** While bytes move. */
  readonly transferPower: Watts;
  readonly wakeLatency: Nanoseconds;
  readonly bytesPerSecond: number;
}

export interface SensorPlan {
  readonly name: string;
  readonly rail: number;
  /** Interface that brings its samples in, kept running while it listens. */
  readonly link: { readonly rail: number; readonly power: Watts };
  /** Power by mode; a policy names one. */
  readonly modes: ReadonlyArray<{ readonly name: string; readonly power: Watts }>;
  /** The core that its data-ready line wakes. */
  readonly core: number;
  /** Of a sensor that gates by itself: it hands on windows from a level on and for a while after, and draws this power otherwise. */
  readonly activity?: { readonly decibels: number; readonly hold: Nanoseconds; readonly power: Watts };
}

export interface PowerLevel {
  readonly power: Watts;
  /** Index into the core's `activities`. */
  readonly activity: number;
}

export interface CorePlan {
  readonly name: string;
  readonly rail: number;
  /** Jobs that may wait; the one that runs is not among them. */
  readonly queueDepth: number;
  /** `active`, `transition`, the power states by depth, `boot`, `off`. */
  readonly activities: readonly string[];
  readonly levels: readonly PowerLevel[];
  readonly offLevel: number;
  readonly boot: { readonly level: number; readonly latency: Nanoseconds };
  /** By depth: each draws less than the one before. The first is always permitted. */
  readonly states: readonly PowerStatePlan[];
  /** Level of the first state by operating point, whose clock goes on behind the gate; none: its own level at every point. */
  readonly idleLevels: readonly number[];
  /** Cores with the same number share a power domain. */
  readonly domain: number | null;
}

export interface PowerStatePlan {
  readonly name: string;
  readonly level: number;
  readonly entry: { readonly level: number; readonly latency: Nanoseconds };
  readonly exit: { readonly level: number; readonly latency: Nanoseconds };
  /** The stay from which on it saves energy; entry included, exit not. */
  readonly minResidency: Nanoseconds;
  /** Its DMA, and with it its links, go on. */
  readonly linksLive: boolean;
  /** The sensor's samples still come in and their interrupt wakes it. */
  readonly sensorLive: boolean;
  /** Only possible while every core of the domain sleeps in such a state. */
  readonly wholeDomain: boolean;
  /** By memory: what becomes of those this core owns. */
  readonly memories: readonly MemoryMode[];
  /** What its local memory held (weights, context of a window) is gone after it. */
  readonly losesState: boolean;
}

/** Part of a job at one power level. */
export interface JobPhase {
  readonly level: number;
  readonly duration: Nanoseconds;
  /** Memory that is accessed meanwhile. */
  readonly memory: number | null;
}

export interface StagePlan {
  readonly name: string;
  readonly core: number;
  /** From where its windows come; null: they are in the core's memory already. */
  readonly link: number | null;
  /** The core at the other end; left out, that of the stage before. */
  readonly from?: number;
  /** Bytes of one whole window, brought in when the core holds none of it, and of one hop. */
  readonly windowBytes: Bytes;
  readonly hopBytes: Bytes;
  /** Bringing its weights in: before every window, or after the core's memory lost them, or never. They are lost with the memory `home`. */
  readonly weights: {
    readonly when: 'never' | 'lost' | 'always';
    readonly load: JobPhase | null;
    readonly home?: number;
  };
  /** The work on one window, by operating point of its core. */
  readonly work: ReadonlyArray<readonly JobPhase[]>;
  /** Level of the core while it waits for its window's bytes, by operating point. */
  readonly transferLevel: readonly number[];
  /** After its gate has passed: for how long it takes no window. */
  readonly hold: Nanoseconds;
  /** Left out, each score opens its gate or not by itself. */
  readonly gate?: GatePlan;
}

/** A thing that a detection starts, on for a while. */
export interface ActuatorPlan {
  readonly name: string;
  readonly rail: number;
  readonly idlePower: Watts;
  readonly activePower: Watts;
  readonly duration: Nanoseconds;
}

export interface TriggerPlan {
  /** Work that follows a detection; null: none. */
  readonly work: { readonly core: number; readonly phases: ReadonlyArray<readonly JobPhase[]> } | null;
  /** The last seconds of signal, sent to the core of the work before it begins; null: none are kept, or they are there already. */
  readonly preRoll: PreRollPlan | null;
}

export interface PreRollPlan {
  /** The core whose memory holds them. */
  readonly from: number;
  readonly link: number;
  readonly bytes: Bytes;
  /** Level of the core of the work while it waits for them, by operating point. */
  readonly transferLevel: readonly number[];
}

export interface PolicyPlan {
  readonly name: string;
  readonly cores: readonly CorePolicy[];
  readonly sensorMode: number;
  /** Windows per interrupt of the sensor's FIFO. */
  readonly batch: number;
  /** By stage. */
  readonly thresholds: readonly number[];
}

export interface CorePolicy {
  readonly operatingPoint: number;
  /** By power state. */
  readonly permitted: readonly boolean[];
  readonly latencyAllowed: Nanoseconds;
  /** How long to stay in each state, with nothing known to come, before a deeper one is tried. */
  readonly linger: readonly Nanoseconds[];
}
