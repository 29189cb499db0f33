// What a stage of a cascade asks of the core that runs it.

import { type GraphCost, graphCost } from '../models/graph-cost.ts';
import type { Model } from '../models/model.ts';
import { joined, partsOf } from '../models/network.ts';
import type { ModelCost } from './compile/request.ts';

/**
 * @param models of the scenario's stages
 * @param before the stage that comes before it in the cascade to be simulated, -1 for none: parts of its network that were left out between them are
 * its own work, without their gates
 */
export function stageCost(models: readonly Model[], stage: number, before: number): ModelCost {
  const { parts, after } = partsOf(models, stage, before);
  const { frames } = parts[0].card;
  const cost = parts.length === 1 ? parts[0].cost : graphCost(joined(parts), frames);
  // A name of its own: published figures of one part are not those of several.
  const name = parts.map(({ card }) => card.name).join('+');
  return modelCost(
    name,
    cost,
    frames,
    after === null
      ? { kind: 'frames' }
      : { kind: 'activations', bytesPerWindow: after.card.sends?.bytesPerWindow ?? 0 },
  );
}

/** What a graph asks of a core, where its windows are of so many frames. */
export const modelCost = (
  name: string,
  { precision, macs, layers, parameters, weightBytes, activationBytes }: GraphCost,
  windowFrames: number,
  takes: ModelCost['takes'],
): ModelCost => ({ name, precision, macs, layers, parameters, weightBytes, activationBytes, windowFrames, takes });
