// Many flac files, one decoder: a decoder's WebAssembly memory costs a garbage collection or two, several times what a short recording takes.

import { decoder } from '@audio/decode-flac';
import type { AudioData } from 'audio-decode';

type Decoder = Awaited<ReturnType<typeof decoder>>;

let shared: Promise<Decoder> | null = null;

/**
 * Decodes a whole flac file. Null when it does not give `frames` samples a channel: whatever the file is, the next one gets a new decoder.
 * @param frames as the file declares
 */
export async function decodeFlac(bytes: Uint8Array, frames: number): Promise<AudioData | null> {
  shared ??= decoder();
  const flac = await shared;
  try {
    const audio = flac.decode(bytes);
    if (audio.channelData[0]?.length === frames) return audio;
  } catch {
    // Said by whoever tries again.
  }
  shared = null;
  flac.free();
  return null;
}
