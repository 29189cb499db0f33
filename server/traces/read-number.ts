// A decimal number out of bytes, without a string in between: a trace has tens of millions of them.

const ZERO = 48;
const NINE = 57;
/** Digits that a double holds exactly. */
const EXACT_DIGITS = 15;
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/**
 * The number in bytes `from` to `to`, blanks around it allowed; not a number when it is something else.
 * @param comma whether a comma divides the fraction, too
 */
export function readNumber(bytes: Uint8Array, from: number, to: number, comma: boolean): number {
  let at = from;
  let end = to;
  while (at < end && bytes[at] <= 32) at++;
  while (end > at && bytes[end - 1] <= 32) end--;
  const begin = at;
  const negative = bytes[at] === 45;
  if (negative || bytes[at] === 43) at++;
  let seen = 0;
  let significant = 0;
  let value = 0;
  let fraction = -1;
  for (; at < end; at++) {
    const byte = bytes[at];
    if (byte >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO);
      seen++;
      if (value > 0) significant++;
      if (fraction >= 0) fraction++;
    } else if ((byte === 46 || (comma && byte === 44)) && fraction < 0) fraction = 0;
    else break;
  }
  if (at === end && seen > 0 && significant <= EXACT_DIGITS && fraction < POWERS.length)
    return (negative ? -value : value) / (fraction > 0 ? POWERS[fraction] : 1);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + begin, end - begin)
    .toString('latin1')
    .replace(/^"|"$/g, '');
  const plain = comma ? text.replace(',', '.') : text;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
}
