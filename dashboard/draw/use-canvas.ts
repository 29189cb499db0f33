// A canvas that is drawn again when the signals that its painter reads change, when it is resized and when the theme changes.

import { effect } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export interface Surface {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
}

export function useCanvas(paint: (surface: Surface) => void): RefObject<HTMLCanvasElement> {
  const ref = useRef<HTMLCanvasElement>(null);
  const painter = useRef(paint);
  painter.current = paint;

  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    const draw = (): void => {
      const { clientWidth: width, clientHeight: height } = canvas;
      const scale = devicePixelRatio || 1;
      const [pixelsWide, pixelsHigh] = [Math.round(width * scale), Math.round(height * scale)];
      if (canvas.width !== pixelsWide) canvas.width = pixelsWide;
      if (canvas.height !== pixelsHigh) canvas.height = pixelsHigh;
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, width, height);
      if (width > 0 && height > 0) painter.current({ context, width, height });
    };
    const stop = effect(draw);
    const observer = new ResizeObserver(draw);
    observer.observe(canvas);
    return () => {
      stop();
      observer.disconnect();
    };
  }, []);

  return ref;
}
