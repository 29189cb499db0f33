// Sizes and times as refusals write them.

export const kilobytes = (size: number): string => `${(size / 1000).toFixed(1)} kB`;
export const milliseconds = (span: number): string => `${(span / 1e6).toFixed(2)} ms`;
