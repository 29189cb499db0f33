import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import type { PictureSpec } from '../../server/streams/frames.ts';
import { readPicture } from '../../server/streams/picture-recording.ts';
import { PictureSource } from '../../server/streams/picture-source.ts';
import type { PlacedEvent, Spell } from '../../server/streams/schedule.ts';
import { decibels } from '../../server/units.ts';

type Colour = readonly [red: number, green: number, blue: number, opacity: number];

/** A file of these colours, one for each pixel. */
function png(width: number, height: number, colour: (x: number, y: number) => Colour): Uint8Array {
  const image = new PNG({ width, height });
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) image.data.set(colour(x, y), 4 * (y * width + x));
  return Uint8Array.from(PNG.sync.write(image));
}

const spec: PictureSpec = {
  kind: 'picture',
  framesPerSecond: 2,
  width: 4,
  height: 2,
  channels: 3,
  mean: [0.5, 0.5, 0.5],
  scale: [2, 2, 2],
};
const pixels = (values: Float32Array, count = 4) =>
  Array.from({ length: values.length / count }, (_, at) => [...values.subarray(at * count, (at + 1) * count)]);

describe('a picture', () => {
  it('should fill the frame and be the mean of what lies under each pixel', () => {
    // 10 × 4, of which the middle 8 × 4 remain: left half black, right half white, a stripe of red at each end.
    const bytes = png(10, 4, (x) =>
      x === 0 || x === 9 ? [255, 0, 0, 255] : x < 5 ? [0, 0, 0, 255] : [255, 255, 255, 255],
    );
    const rows = pixels(readPicture(bytes, 'a.png', spec));
    expect(rows.slice(0, 4)).toEqual([
      [0, 0, 0, 1],
      [0, 0, 0, 1],
      [1, 1, 1, 1],
      [1, 1, 1, 1],
    ]);
    expect(rows.slice(4)).toEqual(rows.slice(0, 4));
  });

  it('should be seen whole where it is transparent, with opacity beside it', () => {
    const bytes = png(2, 2, (x) => (x === 0 ? [255, 255, 255, 255] : [255, 255, 255, 0]));
    const [outside, shown, clear] = pixels(readPicture(bytes, 'a.png', spec));
    expect([outside, shown, clear]).toEqual([
      [0, 0, 0, 0],
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ]);
  });

  it('should come from jpeg too, and in grey where the camera has no colours', () => {
    const data = new Uint8Array(64 * 32 * 4).map((_, at) => [200, 100, 50, 255][at % 4]);
    const { data: bytes } = jpeg.encode({ width: 64, height: 32, data }, 95);
    const [first] = pixels(readPicture(bytes, 'a.jpg', spec));
    for (const [at, value] of [200, 100, 50].entries()) expect(Math.abs(first[at] * 255 - value)).toBeLessThan(4);
    const [grey] = pixels(readPicture(bytes, 'a.jpg', { ...spec, channels: 1 }), 2);
    expect(Math.abs(grey[0] * 255 - (0.299 * 200 + 0.587 * 100 + 0.114 * 50))).toBeLessThan(3);
  });

  it('should be refused by name when it is none, is damaged or claims to be huge', () => {
    const good = png(40, 40, (x, y) => [x * 5, y * 5, 90, 255]);
    expect(() => readPicture(new TextEncoder().encode('GIF89a'), 'b.png', spec)).toThrow(
      /^b\.png: is no picture that can be/,
    );
    expect(() => readPicture(good.slice(0, 60), 'c.png', spec)).toThrow(
      /^c\.png: is no picture that can be decoded \(/,
    );
    const huge = good.slice();
    new DataView(huge.buffer).setUint32(16, 100_000);
    new DataView(huge.buffer).setUint32(20, 100_000);
    expect(() => readPicture(huge, 'd.png', spec)).toThrow(/^d\.png: .*more than 40 megapixels/);
    const { data: jpg } = jpeg.encode({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 4).fill(99) }, 95);
    expect(() => readPicture(jpg.slice(0, 300), 'e.jpg', spec)).toThrow(
      /^e\.jpg: is no picture that can be decoded \(/,
    );
  });
});

describe('a stream of pictures', () => {
  const shade = (value: number, opacity = 255) =>
    readPicture(
      png(4, 2, () => [value, value, value, opacity]),
      'a.png',
      spec,
    );
  const clips = [
    { path: 'wall', values: shade(51) },
    { path: 'cat', values: shade(255, 128) },
  ];
  const spells: readonly Spell[] = [{ clip: 0, start: -20, end: 100, offset: 0, level: decibels(0) }];
  const events: readonly PlacedEvent[] = [
    { label: 'cat', clip: 1, start: 7, end: 10, loudness: { kind: 'level', decibels: decibels(0) } },
  ];
  const source = new PictureSource(
    { kind: 'picture', frontEnd: spec, clips },
    { spells, events, gains: [], failures: [] },
  );
  const SIZE = 4 * 2 * 3;

  it('should show the background, and in front of it for a while what comes into view', () => {
    const { frames, levels } = source.read(0, 12, 2, true);
    const shown = Array.from({ length: 12 }, (_, frame) => frames[frame * SIZE] / 2 + 0.5);
    const inView = 0.2 * (1 - 128 / 255) + 128 / 255;
    for (const [frame, value] of shown.entries()) expect(value).toBeCloseTo(frame >= 7 && frame < 10 ? inView : 0.2, 5);
    // A camera that wakes by change: once when it comes, once when it goes.
    expect(levels.length).toBe(10);
    expect([...levels].flatMap((level, at) => (level > -60 ? [at + 2] : []))).toEqual([7, 10]);
    expect(levels[5]).toBeCloseTo(20 * Math.log10(inView - 0.2), 4);
  });

  it('should be the same frames in stretches of any length', () => {
    const whole = source.read(-3, 30, 0, false).frames.slice();
    for (const [from, count] of [
      [0, 1],
      [9, 4],
      [13, 17],
    ])
      expect(source.read(from - 3, count, 0, false).frames).toEqual(whole.slice(from * SIZE, (from + count) * SIZE));
  });
});
