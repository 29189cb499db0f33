import type { JSX } from 'preact';

interface Props {
  readonly share: number;
  readonly label: string;
}

export function Progress({ share, label }: Props): JSX.Element {
  const value = Math.max(0, Math.min(1, share));
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(value * 100)}
    >
      <i style={{ width: `${value * 100}%` }} />
    </div>
  );
}
