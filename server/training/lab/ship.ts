// The models that ship of a task: the parts of one network, in 8 bits, each with its card.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type ModelCard, modelCardSchema } from '../../models/card.ts';
import { writeOnnx } from '../../models/onnx.ts';
import { shareInterval } from '../../runs/report/statistics.ts';
import { modelFolder } from '../paths.ts';
import { cardText } from '../produce.ts';
import { writeWhole } from '../progress.ts';
import type { Arrangement, TaskSpec } from '../tasks/task.ts';
import { balancedAccuracy, estimate, KEEP } from './measure.ts';
import type { Study, TrainedVariant } from './study.ts';
import { ALPHA, BETA, isSame } from './variants.ts';

export interface Shipped {
  readonly arrangement: Arrangement;
  readonly seed: number;
  readonly files: readonly string[];
}

const ARRANGEMENT: Arrangement = 'two';
const SEED = 0;

/** Writes scenarios/models/<task>-<part>.onnx and their cards: the network with two gates of the first seed, whichever is the best. */
export function shipModels(task: TaskSpec, { trained }: Study): Shipped {
  const own = trained.find(
    ({ variant }) => variant.seed === SEED && isSame(variant, { arrangement: ARRANGEMENT, alpha: ALPHA, beta: BETA }),
  );
  if (!own) throw new Error('the network that ships was not trained');
  const written = own.trained.parts.map(({ model }, part) => {
    const bytes = writeOnnx(model);
    return { name: `${task.name}-${part}`, bytes, card: cardOf(task, own, part, bytes) };
  });
  for (const { name, bytes } of written) writeWhole(join(modelFolder(), `${name}.onnx`), bytes);
  // Cards last: each tells by its hash whether it is of the file beside it.
  for (const { name, card } of written) writeWhole(join(modelFolder(), `${name}.json`), cardText(card));
  return { arrangement: ARRANGEMENT, seed: SEED, files: written.map(({ name }) => `${name}.onnx`) };
}

function cardOf(task: TaskSpec, { trained, measured }: TrainedVariant, part: number, bytes: Uint8Array): ModelCard {
  const { sends } = trained.parts[part];
  const before = trained.parts[part - 1]?.sends ?? null;
  const isLast = part === trained.parts.length - 1;
  return modelCardSchema.parse({
    name: `${task.name}-${part}`,
    task: isLast ? task.looksFor : `${task.looksFor}: gate ${part + 1} of ${trained.parts.length - 1}`,
    frontEnd: task.frontEnd,
    input: before === null ? { kind: 'frames' } : { kind: 'activations', shape: before },
    sends:
      sends === null
        ? null
        : {
            shape: sends,
            bytesPerWindow: Math.ceil(measured.bytes[part]),
            source: `mean of the test windows that pass the gate: a bit for each of ${sends.reduce((a, b) => a * b, 1)} places, a byte for each that is not zero`,
          },
    frames: task.frames,
    streaming: false,
    precision: 'int8',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    threshold: measured.thresholds[part],
    training: task.training,
    quality: {
      source: `test split of seed ${SEED}, 8-bit parts, thresholds from validation (gates keep ${100 * KEEP} %); intervals as if each subject, recording or picture counted once`,
      figures: isLast ? wholeFigures(measured) : gateFigures(measured, part),
    },
    operatingCurve: null,
  });
}

type Figures = NonNullable<ModelCard['quality']>['figures'];

function gateFigures({ gates, groups }: TrainedVariant['measured'], part: number): Figures {
  const { stopped, kept } = gates[part];
  const share = (what: string, value: number): Figures[number] => {
    const [low, high] = shareInterval(Math.round(value * groups.size), groups.size);
    return { what, unit: 'share', value, interval: [low, high] };
  };
  return [
    share('negatives that it stops, of those that reach it', stopped),
    share('positives that it keeps, of those that reach it', kept),
  ];
}

function wholeFigures({ groups }: TrainedVariant['measured']): Figures {
  const { interval } = estimate([groups], [groups]).quality;
  return [
    {
      what: 'balanced accuracy of the whole network behind its gates',
      unit: 'share',
      value: balancedAccuracy([...groups.values()]),
      interval: [interval[0], interval[1]],
    },
  ];
}
