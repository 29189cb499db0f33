import type { ComponentChildren, JSX } from 'preact';
import { type Surface, useCanvas } from '../../draw/use-canvas.ts';

interface Props {
  readonly label: string;
  readonly small?: boolean;
  readonly paint: (surface: Surface) => void;
  readonly children: ComponentChildren;
}

/** A canvas beside its name. */
export function Lane({ label, small, paint, children }: Props): JSX.Element {
  const ref = useCanvas(paint);
  return (
    <div class="lane" data-small={small}>
      <div class="lane-head">{children}</div>
      <canvas ref={ref} role="img" aria-label={label} />
    </div>
  );
}
