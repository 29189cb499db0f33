// The gamma and beta distributions with real shapes: counts here are means over the times that a recording was heard, and seldom whole.

const EPSILON = 1e-14;
const TINY = 1e-300;

/** Coefficients of Lanczos's approximation with g = 7 (P. Godfrey, 2001), good to 15 digits. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) of a positive x. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const base = x + 6.5;
  const sum = LANCZOS.reduce((total, value, index) => total + (index === 0 ? value : value / (x - 1 + index)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

/** A continued fraction by Lentz's method (Numerical Recipes, 3rd ed., 5.2), from its terms a / (b + …). */
function continuedFraction(first: number, term: (index: number) => readonly [a: number, b: number]): number {
  let value = first === 0 ? TINY : first;
  let c = value;
  let d = 0;
  for (let index = 1; index < 10_000; index++) {
    const [a, b] = term(index);
    d = 1 / (b + a * d || TINY);
    c = b + a / c || TINY;
    value *= c * d;
    if (Math.abs(c * d - 1) < EPSILON) break;
  }
  return value;
}

/** P(X ≤ x) of a gamma distribution of this shape and unit scale. */
export function gammaBelow(x: number, shape: number): number {
  if (x <= 0) return 0;
  const scale = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  if (x > shape + 1)
    return 1 - scale / continuedFraction(x + 1 - shape, (n) => [-n * (n - shape), x + 2 * n + 1 - shape]);
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; term > sum * EPSILON; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum * scale;
}

/** P(X ≤ x) of a beta distribution. */
export function betaBelow(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaBelow(1 - x, b, a);
  const scale = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  return (
    scale /
    continuedFraction(1, (n) => {
      const m = Math.floor(n / 2);
      const term =
        n % 2 === 0
          ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
          : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
      return [term, 1];
    })
  );
}

/** Where a rising function first reaches a share. */
function reaching(share: number, risesAt: (x: number) => number, low: number, high: number): number {
  let [from, to] = [low, high];
  while (to - from > 1e-12 * Math.max(1, to)) {
    const middle = (from + to) / 2;
    if (risesAt(middle) < share) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}

export const gammaQuantile = (share: number, shape: number): number =>
  reaching(share, (x) => gammaBelow(x, shape), 0, shape + 20 * Math.sqrt(shape + 1) + 20);

export const betaQuantile = (share: number, a: number, b: number): number =>
  reaching(share, (x) => betaBelow(x, a, b), 0, 1);
