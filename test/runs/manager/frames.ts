// Layouts and frames for tests that need some.
import type { Frame, RunLayout } from '../../../server/runs/views.ts';

export const layout: RunLayout = {
  durationSeconds: 3600,
  sensor: 'microphone',
  cores: [{ name: 'hub', kind: 'dsp', activities: ['active', 'transition', 'retention', 'boot', 'off'] }],
  stages: [{ name: 'activity', core: 'hub', macs: 54_000 }],
  rails: ['core', 'io'],
  powerProfiles: ['always-listening'],
  battery: { capacityMilliampereHours: 300, cutoffVolts: 3 },
  changeable: {
    powerProfile: 'always-listening',
    thresholds: [0.35],
    operatingPoints: [{ value: '30MHz', choices: ['30MHz'] }],
    startCharge: 1,
  },
  label: 'computer',
  actable: { sense: 'log-mel', clips: [], links: [], powerProfiles: [] },
};

/** A frame at a time, with the figures that a test looks at. */
export function frameAt(
  simulatedSeconds: number,
  figures: { watts?: number; active?: number; soc?: number } = {},
): Frame {
  const { watts = 0.01, active = 0.25, soc = 1 } = figures;
  return {
    simulatedSeconds,
    speed: 60,
    powerProfile: 'always-listening',
    battery: { soc, volts: 3.7, watts, forecastHours: simulatedSeconds === 0 ? null : 100 },
    railWatts: [watts, 0, 0],
    cores: [{ activity: 0, residency: [active, 0, 1 - active, 0, 0], wakes: 1 }],
    stages: [{ threshold: 0.35, windowsIn: 50, windowsPassed: 1, dropped: 0, stopRate: 0.9 }],
    sounds: [],
    detections: { events: 0, truePositives: 0, misses: 0, falseAccepts: 0 },
    latency: { p50: null, p95: null, p99: null, parts: [] },
  };
}
