// Where a training lives until it is finished: <out>.training beside what it will become. What is in it is whole at any time, so whoever was killed goes on.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readOnnx, writeOnnx } from '../../models/onnx.ts';
import { InputProblem } from '../../runs/files/problem.ts';
import { reasonOf } from '../../streams/recording-error.ts';
import type { FoldedLayer } from '../build.ts';
import { fromOnnx, toOnnx } from '../export.ts';
import type { Fitted } from '../fit.ts';
import { type FitMemory, packState, unpackState } from '../fit-state.ts';
import { NETWORKS, type NetworkName } from '../networks.ts';
import { writeWhole } from '../progress.ts';

const finishedSchema = z.object({
  misses: z.number(),
  losses: z.array(z.object({ step: z.number(), loss: z.number() })),
  checkpoints: z.array(z.object({ step: z.number(), misses: z.number() })),
});
const settingsSchema = z.record(z.string(), z.union([z.string(), z.number()]));
export type TrainingSettings = z.infer<typeof settingsSchema>;

export class WorkFolder {
  private readonly out: string;
  private readonly settings: TrainingSettings;

  private constructor(out: string, settings: TrainingSettings) {
    this.out = out;
    this.settings = settings;
  }

  private get folder(): string {
    return `${this.out}.training`;
  }

  private get settingsFile(): string {
    return join(this.folder, 'settings.json');
  }

  /**
   * Begins a training, or goes on with the one that is there.
   * @param settings whatever its result depends on
   * @throws {InputProblem} `out` holds something, cannot be written, or is being trained with other settings or by another process
   */
  static open(out: string, settings: TrainingSettings): WorkFolder {
    refuseTaken(out);
    const work = new WorkFolder(out, settings);
    const { folder } = work;
    const known = readIfThere(work.settingsFile, (bytes) => settingsSchema.parse(JSON.parse(bytes.toString('utf8'))));
    const other = known && Object.keys(settings).find((key) => known[key] !== settings[key]);
    if (known && other !== undefined)
      throw new InputProblem(
        `${folder}: a training is there that was begun with other ${other} (${known[other]}, now ${settings[other]}); go on with that, delete the folder, or choose another --out`,
      );
    try {
      mkdirSync(folder, { recursive: true });
      lock(join(folder, 'process'));
    } catch (error) {
      if (error instanceof InputProblem) throw error;
      throw new InputProblem(`--out ${out}: cannot be written beside (${reasonOf(error)}); choose another --out`);
    }
    return work;
  }

  /** All that was brought is in order: from here on there is something to go on with. */
  begin(): void {
    writeWhole(this.settingsFile, JSON.stringify(this.settings));
  }

  memory(name: NetworkName): FitMemory {
    const file = join(this.folder, `${name}.state`);
    return {
      read: () => readIfThere(file, unpackState),
      write: (state) => writeWhole(file, packState(state)),
    };
  }

  /** Undefined when this network is still to be trained. */
  finished(name: NetworkName): Fitted | undefined {
    const folded = readIfThere(this.pathOf(name, '.onnx'), (bytes): readonly FoldedLayer[] =>
      fromOnnx(NETWORKS[name], readOnnx(bytes)),
    );
    const rest = readIfThere(this.pathOf(name, '.json'), (bytes) =>
      finishedSchema.parse(JSON.parse(bytes.toString('utf8'))),
    );
    return folded && rest && { folded, ...rest };
  }

  finish(name: NetworkName, { folded, ...rest }: Fitted): void {
    writeWhole(this.pathOf(name, '.onnx'), writeOnnx(toOnnx(NETWORKS[name], folded)));
    writeWhole(this.pathOf(name, '.json'), JSON.stringify(rest));
    rmSync(join(this.folder, `${name}.state`), { force: true });
  }

  /** All of the result at once: what `write` puts into a folder becomes `out`, and the training is over. */
  async publish(write: (folder: string) => Promise<void>): Promise<void> {
    const result = join(this.folder, 'result');
    rmSync(result, { recursive: true, force: true });
    mkdirSync(result);
    await write(result);
    refuseTaken(this.out);
    if (existsSync(this.out)) rmdirSync(this.out);
    renameSync(result, this.out);
    this.discard();
  }

  /** Forgets what was trained. */
  discard(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Lets another process go on; leaves nothing behind when there is nothing to go on with. */
  release(): void {
    if (!existsSync(this.settingsFile)) this.discard();
    else rmSync(join(this.folder, 'process'), { force: true });
  }

  private pathOf(name: NetworkName, ending: string): string {
    return join(this.folder, `${name}${ending}`);
  }
}

/** A digest of what a training learns from. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

function refuseTaken(out: string): void {
  let names: string[];
  try {
    names = existsSync(out) ? readdirSync(out) : [];
  } catch (error) {
    throw new InputProblem(`--out ${out}: is no folder that can be used (${reasonOf(error)}); choose another --out`);
  }
  if (names.length > 0)
    throw new InputProblem(
      `--out ${out}: there is something already (${names[0]}, …); choose another --out, or move it away`,
    );
}

/** What cannot be read was not there. */
function readIfThere<T>(file: string, read: (bytes: Buffer) => T): T | undefined {
  try {
    return read(readFileSync(file));
  } catch {
    return undefined;
  }
}

/** The process that trains, as long as it lives. */
function lock(file: string): void {
  const owner = readIfThere(file, (bytes) => Number(bytes.toString('utf8')));
  if (owner !== undefined && owner !== process.pid && isAlive(owner))
    throw new InputProblem(`${dirname(file)}: process ${owner} is training there; wait for it, or stop it`);
  writeFileSync(file, String(process.pid));
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}
