// Small dense symmetric matrices, row by row in one array: as many rows as a device has figures, a few dozen.

/** Minimises ½ xᵀAx − bᵀx over x ≥ 0 for a positive definite A, by coordinate descent (it converges: Hildreth, 1957). */
export function minimise(a: Float64Array, b: Float64Array, start: Float64Array): Float64Array {
  const n = b.length;
  const x = Float64Array.from(start);
  for (let round = 0; round < 20_000; round++) {
    let largest = 0;
    for (let row = 0; row < n; row++) {
      let gradient = -b[row];
      for (let column = 0; column < n; column++) gradient += a[row * n + column] * x[column];
      const next = Math.max(0, x[row] - gradient / a[row * n + row]);
      largest = Math.max(largest, Math.abs(next - x[row]));
      x[row] = next;
    }
    if (largest < 1e-10) break;
  }
  return x;
}

/** Eigenvalues and vectors (vector `k` in column `k`), by Jacobi's rotations. */
export function eigen(matrix: Float64Array): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const n = Math.round(Math.sqrt(matrix.length));
  const a = Float64Array.from(matrix);
  const v = Float64Array.from({ length: n * n }, (_, at) => (Math.floor(at / n) === at % n ? 1 : 0));
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const apq = a[p * n + q];
        if (Math.abs(apq) < 1e-14 * Math.sqrt(Math.abs(a[p * n + p] * a[q * n + q])) || apq === 0) continue;
        off++;
        const theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        rotate(a, v, n, p, q, c, t * c);
      }
    if (off === 0) break;
  }
  return { values: Float64Array.from({ length: n }, (_, at) => a[at * n + at]), vectors: v };
}

function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  const turn = (matrix: Float64Array, one: number, other: number) => {
    const x = matrix[one];
    const y = matrix[other];
    matrix[one] = c * x - s * y;
    matrix[other] = s * x + c * y;
  };
  for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + q);
  for (let k = 0; k < n; k++) turn(a, p * n + k, q * n + k);
  for (let k = 0; k < n; k++) turn(v, k * n + p, k * n + q);
}
