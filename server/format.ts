// Numbers as people read them.

export const percent = (share: number): string => `${(share * 100).toPrecision(3)} %`;

export const days = (hours: number): string =>
  hours === Number.POSITIVE_INFINITY
    ? 'for ever'
    : hours < 48
      ? `${hours.toFixed(1)} h`
      : `${(hours / 24).toFixed(2)} d`;

/** A battery's life; null: for ever. */
export const lasting = (hours: number | null): string => (hours === null ? 'for ever' : span(hours * 3600));

export function span(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(0)} min`;
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(1)} d`;
}
