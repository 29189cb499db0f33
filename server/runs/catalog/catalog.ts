// What there is to run: the scenarios and devices that the server offers.

import type { DeviceProfile } from '../files/device-profile.ts';
import type { DeviceView, ModelView, ScenarioView } from '../views.ts';
import type { Change } from '../what-if/change.ts';

export interface Catalog {
  scenarios(): Promise<readonly ScenarioView[]>;
  devices(): Promise<readonly DeviceView[]>;
  /** A device's profile; null when there is none of that name. @throws {InputProblem} what is wrong with its file */
  deviceProfile(name: string): Promise<DeviceProfile | null>;
  models(): Promise<readonly ModelView[]>;
  /** Keeps a variant of a scenario under another name. @throws {InputProblem} what cannot be */
  saveVariant(scenario: string, name: string, changes: readonly Change[]): Promise<ScenarioView>;
  /** Path of a scenario's file, null when there is none of that name. */
  scenarioPath(name: string): string | null;
  /** Path of a recording that a scenario names by its place in the scenario's folder; null for any other file. */
  recordingPath(scenario: string, recording: string): Promise<string | null>;
}
