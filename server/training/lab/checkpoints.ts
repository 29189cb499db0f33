// Finished variants in the user's cache: a folder each, which is there whole or not at all, so that a lab that was stopped goes on where it was.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type OnnxModel, readOnnx, writeOnnx } from '../../models/onnx.ts';
import type { Part } from '../gated/export.ts';

/** Scores of one split by one set of parts: by part, of each window. */
export interface SplitScores {
  readonly scores: readonly Float32Array[];
  /** Values, or whole tokens, that cross behind each part but the last. */
  readonly sent: readonly Uint32Array[];
}

export interface Trained {
  readonly parts: readonly Part[];
  readonly floatParts: readonly Part[];
  /** Elements at each cut before compression. */
  readonly elementsBefore: readonly number[];
  readonly validation: SplitScores;
  readonly test: SplitScores;
  /** Of the float parts on the test split. */
  readonly floatTest: SplitScores;
  readonly seconds: number;
}

const shape = z.array(z.int().positive());
const splitSchema = z.object({ scores: z.array(z.string()), sent: z.array(z.string()) });
const partSchema = z.object({
  input: shape,
  sends: z.object({ shape, together: z.int().positive() }).nullable(),
});
const resultSchema = z.object({
  parts: z.array(partSchema),
  elementsBefore: z.array(z.number()),
  validation: splitSchema,
  test: splitSchema,
  floatTest: splitSchema,
  seconds: z.number(),
});

/** $XDG_CACHE_HOME, or .cache in the user's home. */
export const cacheFolder = (): string => process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');

export class Checkpoints {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** @param settings whatever a variant depends on; another value is another variant */
  private pathOf(settings: object): string {
    const key = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 24);
    return join(this.folder, key);
  }

  /** Undefined when there is none, or it cannot be read. */
  read(settings: object): Trained | undefined {
    const path = this.pathOf(settings);
    try {
      const result = resultSchema.parse(JSON.parse(readFileSync(join(path, 'result.json'), 'utf8')));
      const model = (name: string): OnnxModel => readOnnx(readFileSync(join(path, name)));
      return {
        ...result,
        parts: result.parts.map((part, number) => ({ ...part, model: model(`${number}.onnx`) })),
        floatParts: result.parts.map((part, number) => ({ ...part, model: model(`${number}.float.onnx`) })),
        validation: unpack(result.validation),
        test: unpack(result.test),
        floatTest: unpack(result.floatTest),
      };
    } catch {
      return undefined;
    }
  }

  /** The weights of a network that variants begin with. Undefined when there are none, or they cannot be read. */
  readWeights(settings: object): readonly Float32Array[] | undefined {
    try {
      const text = readFileSync(join(this.pathOf(settings), 'weights.json'), 'utf8');
      return z.array(z.string()).parse(JSON.parse(text)).map(floatsOf);
    } catch {
      return undefined;
    }
  }

  writeWeights(settings: object, weights: readonly Float32Array[]): void {
    this.writeFolder(settings, (folder) =>
      writeFileSync(join(folder, 'weights.json'), JSON.stringify(weights.map(textOf))),
    );
  }

  write(settings: object, trained: Trained): void {
    this.writeFolder(settings, (folder) => writeTrained(folder, trained));
  }

  /** All of it or nothing. */
  private writeFolder(settings: object, fill: (folder: string) => void): void {
    const path = this.pathOf(settings);
    const partial = `${path}.${process.pid}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    fill(partial);
    if (existsSync(path)) rmSync(path, { recursive: true });
    renameSync(partial, path);
  }
}

function writeTrained(folder: string, trained: Trained): void {
  for (const [number, { model }] of trained.parts.entries())
    writeFileSync(join(folder, `${number}.onnx`), writeOnnx(model));
  for (const [number, { model }] of trained.floatParts.entries())
    writeFileSync(join(folder, `${number}.float.onnx`), writeOnnx(model));
  const { elementsBefore, seconds } = trained;
  const result: z.infer<typeof resultSchema> = {
    parts: trained.parts.map(({ input, sends }) => ({
      input: [...input],
      sends: sends === null ? null : { ...sends, shape: [...sends.shape] },
    })),
    elementsBefore: [...elementsBefore],
    validation: pack(trained.validation),
    test: pack(trained.test),
    floatTest: pack(trained.floatTest),
    seconds,
  };
  writeFileSync(join(folder, 'result.json'), JSON.stringify(result));
}

/** Values as text: the bytes of their numbers. */
const textOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');
const bytesOf = (text: string): ArrayBuffer => new Uint8Array(Buffer.from(text, 'base64')).buffer;
const floatsOf = (text: string): Float32Array => new Float32Array(bytesOf(text));

const pack = ({ scores, sent }: SplitScores): z.infer<typeof splitSchema> => ({
  scores: scores.map(textOf),
  sent: sent.map(textOf),
});

const unpack = ({ scores, sent }: z.infer<typeof splitSchema>): SplitScores => ({
  scores: scores.map(floatsOf),
  sent: sent.map((text) => new Uint32Array(bytesOf(text))),
});
