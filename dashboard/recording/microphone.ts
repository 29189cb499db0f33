// Records from the browser's microphone, when the person asks for it.

import { RecordingRefused } from './refused.ts';
import type { Take } from './take.ts';

/** As it is: what helps a telephone call would change what the device hears. */
const RAW = { echoCancellation: false, noiseSuppression: false, autoGainControl: false } as const;

/**
 * Records until told to stop, at most so long.
 * @param began told when it listens
 * @throws {RecordingRefused}
 */
export async function recordSound(mostSeconds: number, stop: AbortSignal, began: () => void): Promise<Take> {
  // Types say that it is always there; browsers leave it out where a page is not safe.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (devices === undefined)
    throw new RecordingRefused(
      'Browsers give the microphone only to pages of this machine or over HTTPS: open this page as http://localhost.',
    );
  const stream = await devices.getUserMedia({ audio: RAW }).catch((error: unknown) => {
    throw new RecordingRefused(reasonOf(error));
  });
  const context = new AudioContext();
  try {
    await context.audioWorklet.addModule('/recorder.js');
    const recorder = new AudioWorkletNode(context, 'recorder');
    const blocks: Float32Array[] = [];
    const most = mostSeconds * context.sampleRate;
    await new Promise<void>((resolve) => {
      let count = 0;
      recorder.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
        blocks.push(data);
        count += data.length;
        if (count >= most) resolve();
      };
      stop.addEventListener('abort', () => resolve(), { once: true });
      if (stop.aborted) resolve();
      context.createMediaStreamSource(stream).connect(recorder);
      // What goes nowhere is not pulled; it gives silence.
      recorder.connect(context.destination);
      began();
    });
    const samples = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const block of blocks) {
      samples.set(block, at);
      at += block.length;
    }
    return { samples, sampleRate: context.sampleRate };
  } finally {
    for (const track of stream.getTracks()) track.stop();
    await context.close();
  }
}

function reasonOf(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError')
    return 'The microphone was refused. Allow it for this page beside the address, and record again.';
  if (name === 'NotFoundError' || name === 'OverconstrainedError')
    return 'There is no microphone here. Plug one in and record again, or play a recording.';
  if (name === 'NotReadableError')
    return 'The microphone cannot be read: another program may hold it. Close that and record again.';
  return `The microphone cannot be used (${error instanceof Error ? error.message : String(error)}).`;
}
