// Records how the phone that shows the page is moved, when the person asks for it.

import { RecordingRefused } from './refused.ts';

/** Phones report motion some 60 times a second; one that has not by then has no sensors, or keeps them to itself. */
const FIRST_MILLISECONDS = 1500;
const DEGREE = Math.PI / 180;

/**
 * Records until told to stop, at most so long: CSV as recordings of motion have it.
 * @param began told when the first sample came
 * @throws {RecordingRefused}
 */
export async function recordMotion(mostSeconds: number, stop: AbortSignal, began: () => void): Promise<string> {
  if (!('DeviceMotionEvent' in globalThis))
    throw new RecordingRefused(
      'Browsers give motion only to pages of this machine or over HTTPS, on what has motion sensors: open this page so, on a phone.',
    );
  // iOS asks the person, and only on a touch; others have no such function.
  const ask: unknown = Reflect.get(DeviceMotionEvent, 'requestPermission');
  if (typeof ask === 'function' && (await ask.call(DeviceMotionEvent)) !== 'granted')
    throw new RecordingRefused('The motion sensors were refused. Allow them for this page, and record again.');
  const lines: string[] = ['time_ms,ax,ay,az,gx,gy,gz'];
  await new Promise<void>((resolve, reject) => {
    let start: number | null = null;
    const end = (problem: string | null): void => {
      removeEventListener('devicemotion', take);
      clearTimeout(timer);
      if (problem === null) resolve();
      else reject(new RecordingRefused(problem));
    };
    const take = ({ accelerationIncludingGravity: a, rotationRate: r, timeStamp }: DeviceMotionEvent): void => {
      // A machine without sensors reports once, with nothing in it.
      if (a?.x == null || a.y === null || a.z === null) return;
      if (start === null) began();
      start ??= timeStamp;
      const turn = [r?.beta, r?.gamma, r?.alpha].map((degrees) => ((degrees ?? 0) * DEGREE).toFixed(4));
      lines.push([(timeStamp - start).toFixed(1), a.x, a.y, a.z, ...turn].join(','));
      if (timeStamp - start >= mostSeconds * 1000) end(null);
    };
    const timer = setTimeout(() => {
      if (start === null)
        end(
          'This device reports no motion: it has no sensors for it, or the browser keeps them to itself. Open this page on a phone.',
        );
    }, FIRST_MILLISECONDS);
    stop.addEventListener('abort', () => end(null), { once: true });
    addEventListener('devicemotion', take);
  });
  return lines.join('\n');
}
