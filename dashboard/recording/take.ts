// Sound that was recorded in the page: what of it sounds, as a WAV file.

export interface Take {
  /** Mono, -1 to 1. */
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

const FRAME_SECONDS = 0.02;
/** What is this much quieter than the loudest moment is not part of it. */
const QUIET = 10 ** (-30 / 10);
const MARGIN_SECONDS = 0.1;

/** Without the silence before and after, but for a moment of it. */
export function trimmed({ samples, sampleRate }: Take): Take {
  const frame = Math.round(FRAME_SECONDS * sampleRate);
  const powers: number[] = [];
  for (let at = 0; at < samples.length; at += frame)
    powers.push(samples.subarray(at, at + frame).reduce((sum, value) => sum + value * value, 0));
  const least = Math.max(...powers) * QUIET;
  const first = powers.findIndex((power) => power > least);
  const last = powers.findLastIndex((power) => power > least);
  if (first < 0) return { samples, sampleRate };
  const margin = Math.round(MARGIN_SECONDS * sampleRate);
  return { samples: samples.slice(Math.max(0, first * frame - margin), (last + 1) * frame + margin), sampleRate };
}

const HEADER_BYTES = 44;

/** 16 bits a sample. */
export function wavOf({ samples, sampleRate }: Take): Uint8Array<ArrayBuffer> {
  const file = new DataView(new ArrayBuffer(HEADER_BYTES + 2 * samples.length));
  const text = (at: number, letters: string): void => {
    for (let index = 0; index < letters.length; index++) file.setUint8(at + index, letters.charCodeAt(index));
  };
  text(0, 'RIFF');
  file.setUint32(4, file.byteLength - 8, true);
  text(8, 'WAVEfmt ');
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true);
  file.setUint16(22, 1, true);
  file.setUint32(24, sampleRate, true);
  file.setUint32(28, 2 * sampleRate, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  text(36, 'data');
  file.setUint32(40, 2 * samples.length, true);
  samples.forEach((value, at) => {
    file.setInt16(HEADER_BYTES + 2 * at, Math.round(32_767 * Math.max(-1, Math.min(1, value))), true);
  });
  return new Uint8Array(file.buffer);
}

export function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
