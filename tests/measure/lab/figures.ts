/** The value below which `share` of the values lie; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2).padStart(8);

/** Median and 90th percentile of sizes. */
export const sizes = (bytes: readonly number[]): string =>
  `${megabytes(quantile(bytes, 0.5))} /${megabytes(quantile(bytes, 0.9))}`;

/** Median and 90th percentile of ratios. */
export const ratios = (values: readonly number[]): string =>
  `${quantile(values, 0.5).toFixed(2)} / ${quantile(values, 0.9).toFixed(2)}`;
