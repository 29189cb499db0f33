// The models that ship of a task: the parts of one network, in 8 bits, each with its card.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type ModelCard, modelCardSchema } from '../../models/card.ts';
import { writeOnnx } from '../../models/onnx.ts';
import { elementCount } from '../../models/onnx-tensor.ts';
import { shareInterval } from '../../runs/report/statistics.ts';
import { modelFolder } from '../paths.ts';
import { cardText } from '../produce.ts';
import { writeWhole } from '../progress.ts';
import type { Arrangement, Examples, Fold, TaskSpec } from '../tasks/task.ts';
import { balancedAccuracy, estimate } from './measure.ts';
import { operatingCurve } from './operating-curve.ts';
import { presentQuality } from './present.ts';
import type { Study, TrainedVariant } from './study.ts';
import { chooseSetting } from './thresholds.ts';
import { ALPHA, BETA, isSame } from './variants.ts';

/** What became of the network with two gates of the first seed. */
export interface Shipped {
  readonly arrangement: Arrangement;
  readonly seed: number;
  readonly files: readonly string[];
  /** Its balanced accuracy on validation, and that of the network that was there; null where there was none. */
  readonly own: number;
  readonly present: number | null;
  /** Whether it took that one's place. */
  readonly isWritten: boolean;
}

const ARRANGEMENT: Arrangement = 'two';
const SEED = 0;

/**
 * Writes scenarios/models/<task>-<part>.onnx and their cards: the network with two gates of the first seed, whichever seed is the best, unless the one that
 * is there decides better on validation.
 */
export async function shipModels(
  task: TaskSpec,
  { trained, windowSeconds }: Study,
  folds: (seed: number) => Fold,
): Promise<Shipped> {
  const ships = trained.find(
    ({ variant }) => variant.seed === SEED && isSame(variant, { arrangement: ARRANGEMENT, alpha: ALPHA, beta: BETA }),
  );
  if (!ships) throw new Error('the network that ships was not trained');
  const { validation } = folds(SEED);
  const own = chooseSetting(ships.trained.validation, validation).quality;
  const present = await presentQuality(task, validation);
  const written = ships.trained.parts.map(({ model }, part) => {
    const bytes = writeOnnx(model);
    return { name: `${task.name}-${part}`, bytes, card: cardOf(task, ships, part, bytes, validation, windowSeconds) };
  });
  const isWritten = present === null || own >= present;
  if (isWritten) {
    for (const { name, bytes } of written) writeWhole(join(modelFolder(), `${name}.onnx`), bytes);
    // Cards last: each tells by its hash whether it is of the file beside it.
    for (const { name, card } of written) writeWhole(join(modelFolder(), `${name}.json`), cardText(card));
  }
  const files = written.map(({ name }) => `${name}.onnx`);
  return { arrangement: ARRANGEMENT, seed: SEED, files, own, present, isWritten };
}

function cardOf(
  task: TaskSpec,
  { trained, measured }: TrainedVariant,
  part: number,
  bytes: Uint8Array,
  validation: Examples,
  windowSeconds: number,
): ModelCard {
  const { sends } = trained.parts[part];
  const before = trained.parts[part - 1]?.sends ?? null;
  const isLast = part === trained.parts.length - 1;
  return modelCardSchema.parse({
    name: `${task.name}-${part}`,
    task: isLast ? task.looksFor : `${task.looksFor}: gate ${part + 1} of ${trained.parts.length - 1}`,
    frontEnd: task.frontEnd,
    input: before === null ? { kind: 'frames' } : { kind: 'activations', shape: before.shape },
    sends:
      sends === null
        ? null
        : {
            shape: sends.shape,
            bytesPerWindow: Math.ceil(measured.onValidation.bytes[part]),
            source: `mean of the validation windows that pass the gate: a bit for each of ${elementCount(sends.shape) / sends.together} ${sends.together > 1 ? 'tokens' : 'values'}, a byte for each value of those that are not zero`,
          },
    frames: task.frames,
    streaming: false,
    precision: 'int8',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    threshold: measured.thresholds[part],
    training: task.training,
    quality: {
      source: `test split of seed ${SEED}, 8-bit parts, thresholds from validation; intervals as if each subject, recording or picture counted once`,
      figures: isLast ? wholeFigures(measured) : gateFigures(measured, part),
    },
    operatingCurve: operatingCurve(trained.validation.scores[part], validation.classes, windowSeconds),
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
