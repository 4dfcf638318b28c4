/** Whether a release such as `2.41` or `1.2.4` is `least` or later; undefined counts as not. */
export function isRelease(release: string | undefined, least: string): boolean {
  if (release === undefined) return false;
  const own = release.split('.').map(Number);
  for (const [at, part] of least.split('.').map(Number).entries()) {
    const mine = own[at] ?? 0;
    if (mine !== part) return mine > part;
  }
  return true;
}
