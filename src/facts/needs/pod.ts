/** A perl script without its documentation (perlpod): what stands from `=word` up to `=cut`, each at a line's start. */
export function withoutPod(text: string): string {
  if (!text.includes('\n=cut')) return text;
  const kept: string[] = [];
  let isPod = false;
  for (const line of text.split('\n')) {
    if (!isPod && /^=[a-z]/.test(line)) isPod = true;
    if (!isPod) kept.push(line);
    if (line.startsWith('=cut')) isPod = false;
  }
  return kept.join('\n');
}
