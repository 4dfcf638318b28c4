/** A block of code; the fence is longer than any in the text. */
export function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Plain text among Markdown: it is no markup, no HTML, and mentions nobody on GitHub. */
export const inline = (text: string): string =>
  text.replaceAll(/[\\`*_[\]<>|~#&]/g, (character) => `\\${character}`).replaceAll('@', '@<!-- -->');
