const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `2 hours ago`, as docker says it; `N/A` for no time, and for the year 1970, which stands for none. */
export function formatAgo(created: string | undefined, nowSeconds: number): string {
  const seconds = created === undefined ? Number.NaN : Date.parse(created) / 1000;
  if (Number.isNaN(seconds) || seconds < 365 * 86_400) return 'N/A';
  const past = nowSeconds - seconds;
  const [unit, length] = units.find(([, size]) => past >= 2 * size) ?? ['second', 1];
  const count = Math.max(Math.floor(past / length), 0);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}
