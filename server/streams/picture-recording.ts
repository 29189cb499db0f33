// Pictures: JPEG and PNG files as a camera of few pixels would see them.

import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import type { PictureSpec } from './frames.ts';
import { RecordingError, reasonOf } from './recording-error.ts';

interface Decoded {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, opacity, row after row. */
  readonly data: Uint8Array;
}

/** More are refused: a small file can claim to be a huge picture. */
const MOST_MEGAPIXELS = 40;
/** Of red, green and blue in luminance: ITU-R BT.601, which JPEG uses. */
const LUMINANCE = [0.299, 0.587, 0.114];

/**
 * Reads a picture at the size of a front end. An opaque one fills the frame and is cut where it is too wide or too high; one with transparent parts is
 * fitted into it as a whole, to be laid over another.
 * @param path names the file in errors
 * @returns height × width × (channels, times the opacity; then the opacity), 0 to 1
 * @throws {RecordingError}
 */
export function readPicture(bytes: Uint8Array, path: string, spec: PictureSpec): Float32Array {
  const picture = decode(bytes, path);
  const { width, height } = spec;
  const isOpaque = picture.data.every((value, at) => at % 4 !== 3 || value === 255);
  const ratios = [picture.width / width, picture.height / height];
  /** Pixels of the file a pixel of the frame. */
  const scale = isOpaque ? Math.min(...ratios) : Math.max(...ratios);
  const left = (picture.width - width * scale) / 2;
  const top = (picture.height - height * scale) / 2;
  const out = new Float32Array(width * height * (spec.channels + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const pixel = meanOf(picture, left + x * scale, top + y * scale, scale);
      const colours =
        spec.channels === 3 ? pixel.slice(0, 3) : [LUMINANCE.reduce((sum, part, c) => sum + part * pixel[c], 0)];
      out.set([...colours, pixel[3]], (y * width + x) * (spec.channels + 1));
    }
  return out;
}

function decode(bytes: Uint8Array, path: string): Decoded {
  try {
    if (bytes[0] === 0x89 && bytes[1] === 0x50) {
      const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (header.getUint32(16) * header.getUint32(20) > MOST_MEGAPIXELS * 1e6)
        throw new RangeError(`it has more than ${MOST_MEGAPIXELS} megapixels`);
      return PNG.sync.read(Buffer.from(bytes));
    }
    if (bytes[0] === 0xff && bytes[1] === 0xd8)
      return jpeg.decode(bytes, {
        useTArray: true,
        formatAsRGBA: true,
        tolerantDecoding: false,
        maxResolutionInMP: MOST_MEGAPIXELS,
      });
  } catch (error) {
    throw new RecordingError(path, `is no picture that can be decoded (${reasonOf(error)}); use jpg or png`, error);
  }
  throw new RecordingError(path, 'is no picture that can be decoded; use jpg or png');
}

/** Mean over a square of pixels, parts of pixels by their share; colours times opacity, then opacity. Outside all is transparent. */
function meanOf({ width, height, data }: Decoded, left: number, top: number, size: number): readonly number[] {
  const sum = [0, 0, 0, 0];
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, top + size); y++) {
    const rows = Math.min(y + 1, top + size) - Math.max(y, top);
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, left + size); x++) {
      const share = rows * (Math.min(x + 1, left + size) - Math.max(x, left));
      const at = 4 * (y * width + x);
      const opacity = (share * data[at + 3]) / 255;
      for (let colour = 0; colour < 3; colour++) sum[colour] += (opacity * data[at + colour]) / 255;
      sum[3] += opacity;
    }
  }
  return sum.map((value) => value / size ** 2);
}
