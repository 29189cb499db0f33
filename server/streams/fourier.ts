// A complex Fourier transform in place: decimation in time, radix 4 down to leaves of one or two points.

/** Twiddle factors of one radix-4 stage that joins four transforms of `quarter` points each. */
export interface FourierStage {
  readonly quarter: number;
  /** cos and sin of 2πk/(4·quarter)·{1, 2, 3}, six values a column k. */
  readonly factors: Float64Array;
}

export function fourierStages(points: number): readonly FourierStage[] {
  const stages: FourierStage[] = [];
  for (let quarter = Math.log2(points) % 2 === 0 ? 1 : 2; quarter < points; quarter *= 4) {
    const factors = new Float64Array(6 * quarter);
    for (let k = 0; k < quarter; k++) {
      for (let turn = 1; turn <= 3; turn++) {
        const angle = (2 * Math.PI * k * turn) / (4 * quarter);
        factors[6 * k + 2 * (turn - 1)] = Math.cos(angle);
        factors[6 * k + 2 * (turn - 1) + 1] = Math.sin(angle);
      }
    }
    stages.push({ quarter, factors });
  }
  return stages;
}

/** Where each input of a decimation-in-time transform goes: radix 4 down to leaves of one or two points. */
export function digitReversal(points: number): Uint32Array {
  const order: number[] = [];
  const visit = (count: number, offset: number, stride: number): void => {
    if (count === 1) {
      order.push(offset);
      return;
    }
    const radix = count % 4 === 0 ? 4 : 2;
    for (let part = 0; part < radix; part++) visit(count / radix, offset + part * stride, stride * radix);
  };
  visit(points, 0, 1);
  return Uint32Array.from(order);
}

export function radix2Leaves(re: Float64Array, im: Float64Array): void {
  for (let at = 0; at < re.length; at += 2) {
    const oddRe = re[at + 1];
    const oddIm = im[at + 1];
    re[at + 1] = re[at] - oddRe;
    im[at + 1] = im[at] - oddIm;
    re[at] += oddRe;
    im[at] += oddIm;
  }
}

export function radix4(re: Float64Array, im: Float64Array, { quarter, factors }: FourierStage): void {
  const points = re.length;
  const block = 4 * quarter;
  for (let k = 0; k < quarter; k++) {
    const cos1 = factors[6 * k];
    const sin1 = factors[6 * k + 1];
    const cos2 = factors[6 * k + 2];
    const sin2 = factors[6 * k + 3];
    const cos3 = factors[6 * k + 4];
    const sin3 = factors[6 * k + 5];
    for (let at0 = k; at0 < points; at0 += block) {
      const at1 = at0 + quarter;
      const at2 = at1 + quarter;
      const at3 = at2 + quarter;
      const re1 = re[at1] * cos1 + im[at1] * sin1;
      const im1 = im[at1] * cos1 - re[at1] * sin1;
      const re2 = re[at2] * cos2 + im[at2] * sin2;
      const im2 = im[at2] * cos2 - re[at2] * sin2;
      const re3 = re[at3] * cos3 + im[at3] * sin3;
      const im3 = im[at3] * cos3 - re[at3] * sin3;
      const evenSumRe = re[at0] + re2;
      const evenSumIm = im[at0] + im2;
      const evenDiffRe = re[at0] - re2;
      const evenDiffIm = im[at0] - im2;
      const oddSumRe = re1 + re3;
      const oddSumIm = im1 + im3;
      const oddDiffRe = re1 - re3;
      const oddDiffIm = im1 - im3;
      re[at0] = evenSumRe + oddSumRe;
      im[at0] = evenSumIm + oddSumIm;
      re[at1] = evenDiffRe + oddDiffIm;
      im[at1] = evenDiffIm - oddDiffRe;
      re[at2] = evenSumRe - oddSumRe;
      im[at2] = evenSumIm - oddSumIm;
      re[at3] = evenDiffRe - oddDiffIm;
      im[at3] = evenDiffIm + oddDiffRe;
    }
  }
}
