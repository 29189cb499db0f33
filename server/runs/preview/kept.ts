// Previews that are kept warm: decoding a scenario's recordings takes as long as a person waits, so the last few stay, in bounded memory.

import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Sense } from '../../streams/sense.ts';
import { type LoadedScenario, loadClips, loadScenario } from '../load.ts';
import { Preview } from './preview.ts';
import type { PreviewOf } from './question.ts';

const MOST_SCENARIOS = 3;
/** Of one scenario: other seeds and durations. */
const MOST_PREVIEWS = 3;
/** Beyond this nothing but what is asked for now is kept. */
const MOST_BYTES = 600e6;

interface Kept {
  readonly files: readonly string[];
  readonly fingerprint: string;
  readonly loaded: LoadedScenario;
  readonly sense: Sense;
  /** By seed and duration; what was asked for last is last. */
  readonly previews: Map<string, Preview>;
}

export class KeptPreviews {
  /** By path; what was asked for last is last. */
  readonly #scenarios = new Map<string, Kept>();

  /** @throws {InputProblem} when the scenario's files cannot be used */
  async open({ scenario, seed, durationSeconds }: PreviewOf): Promise<Preview> {
    const kept = await this.#scenario(scenario);
    const { value } = kept.loaded.scenario;
    const [seconds, drawn] = [durationSeconds ?? value.duration, seed ?? value.seed];
    const key = `${drawn} ${seconds}`;
    const preview = kept.previews.get(key) ?? new Preview(kept.loaded, kept.sense, seconds, drawn);
    touch(kept.previews, key, preview, MOST_PREVIEWS);
    if (process.memoryUsage.rss() > MOST_BYTES) {
      this.#scenarios.clear();
      kept.previews.clear();
    }
    return preview;
  }

  async #scenario(path: string): Promise<Kept> {
    const known = this.#scenarios.get(path);
    // Files may have changed since.
    const isFresh = known !== undefined && (await fingerprintOf(known.files)) === known.fingerprint;
    const kept = isFresh ? known : await load(path);
    touch(this.#scenarios, path, kept, MOST_SCENARIOS);
    return kept;
  }
}

function touch<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}

async function load(path: string): Promise<Kept> {
  const loaded = await loadScenario(path);
  const recordings = loaded.recordings.map((recording) => join(dirname(path), recording.path));
  // Of folders, too: a recording that is new there may match a pattern.
  const files = [...new Set([path, loaded.device.path, ...recordings, ...recordings.map((file) => dirname(file))])];
  const fingerprint = await fingerprintOf(files);
  return { files, fingerprint, loaded, sense: await loadClips(loaded), previews: new Map() };
}

async function fingerprintOf(files: readonly string[]): Promise<string> {
  const stats = await Promise.all(files.map((file) => stat(file).catch(() => null)));
  return stats.map((found) => (found === null ? 'gone' : `${found.mtimeMs}-${found.size}`)).join(' ');
}
