import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { toDense } from '../../server/models/dense.ts';
import { graphCost } from '../../server/models/graph-cost.ts';
import { writeOnnx } from '../../server/models/onnx.ts';
import { joinParts, scoreAlone, sentOf } from '../../server/models/parts.ts';
import { ModelSession } from '../../server/models/session.ts';
import { CUTS, PARTS, WHOLE } from './cut-network.ts';

const FRAMES = 50;
const BANDS = 40;
const HOPS = 200;

function sound(): Float32Array {
  let state = 5;
  return Float32Array.from({ length: HOPS * BANDS }, (_, at) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // Louder and softer, as speech is.
    return Math.max(-1, Math.min(1, (state / 2 ** 31 - 1) * (0.4 + 0.6 * Math.sin(at / 900)) - 0.2));
  });
}

const last = Array.from({ length: HOPS - FRAMES + 1 }, (_, window) => FRAMES - 1 + window);

async function scoresOf(parts: number, stretches = true): Promise<Float32Array> {
  const model = scoreAlone(joinParts(PARTS.slice(0, parts)));
  const session = await ModelSession.open(writeOnnx(model), FRAMES, BANDS, { stretches });
  return session.scoreWindows(sound(), last);
}

/** File after file, window by window, 8 bits crossing from one to the next. */
async function scoresOfFiles(): Promise<readonly number[][]> {
  const sessions = await Promise.all(
    PARTS.map((part) => InferenceSession.create(writeOnnx(part), { intraOpNumThreads: 1, logSeverityLevel: 3 })),
  );
  const frames = sound();
  const found: number[][] = PARTS.map(() => []);
  for (const end of last) {
    let taken: Tensor = new Tensor('float32', frames.slice((end + 1 - FRAMES) * BANDS, (end + 1) * BANDS), [
      1,
      FRAMES,
      BANDS,
    ]);
    for (const [index, part] of PARTS.entries()) {
      const given = await sessions[index].run({ [part.inputs[0].name]: taken });
      found[index].push(Number(given['score'].data[0]));
      const sent = sentOf(part);
      if (sent !== null)
        taken = new Tensor('float32', Float32Array.from(given[sent.name].data as Float32Array), given[sent.name].dims);
    }
  }
  return found;
}

describe('a network that is cut into parts', () => {
  it('should give the scores of the network that was cut, and of its files one after the other, to the last bit', async () => {
    const files = await scoresOfFiles();
    for (const count of [1, 2, 3]) expect([...(await scoresOf(count, false))]).toEqual(files[count - 1]);
    const whole = await ModelSession.open(writeOnnx(WHOLE), FRAMES, BANDS);
    expect(await scoresOf(3)).toEqual(await whole.scoreWindows(sound(), last));
    // The windows are told apart: an equality of constants would say nothing.
    for (const scores of files) expect(new Set(scores).size).toBeGreaterThan(5);
  });

  it('should cost in all what the network that was cut costs, and a head for each gate', () => {
    const whole = graphCost(WHOLE, FRAMES);
    const joined = graphCost(joinParts(PARTS), FRAMES);
    expect(joined).toEqual(whole);
    const macs = PARTS.map((part) => graphCost(part, FRAMES).totalMacs);
    expect(macs.reduce((sum, each) => sum + each)).toBe(whole.totalMacs + CUTS[0].shape[0] + CUTS[1].shape[0]);
    expect(graphCost(joinParts(PARTS.slice(1)), FRAMES).totalMacs).toBe(macs[1] + macs[2] - CUTS[1].shape[0]);
  });

  it('should be scored over stretches where the network that was cut can be', () => {
    expect(toDense(WHOLE, FRAMES)).not.toBeNull();
    expect(toDense(scoreAlone(joinParts(PARTS)), FRAMES)).not.toBeNull();
  });
});
