import type { Rule, Severity } from '../../jobs/explain/index.ts';
import { fenced } from '../markdown.ts';

const headings: Readonly<Record<Severity, string>> = {
  blocks: 'It does not start',
  degrades: 'It starts, and works less well',
  notes: 'Worth knowing',
};

/** docs/findings.md: a section for each code, with a table of contents by severity. */
export function findingsPage(rules: readonly Rule[]): string {
  const severities: readonly Severity[] = ['blocks', 'degrades', 'notes'];
  const contents = severities.flatMap((severity) => contentsOf(severity, rules));
  return `${[
    '# Findings',
    'What `osless explain` can say of an image, by the code that stands in its report. Each section has the messages that a user sees, why that is, how to mend it, and lines of a Dockerfile that do. `osless explain --rules` lists them; this page is made from the same source by `npm run docs`.',
    ...contents,
    ...rules.map((rule) => `## ${rule.code}\n\n${ruleMarkdown(rule)}`),
  ].join('\n\n')}\n`;
}

function contentsOf(severity: Severity, rules: readonly Rule[]): string[] {
  const own = rules.filter((rule) => rule.severity === severity);
  if (own.length === 0) return [];
  const rows = own.map(({ code, title }) => `| [${code}](#${code}) | ${title.replaceAll('|', '\\|')} |`);
  return [`**${headings[severity]}**`, ['| code | says |', '|---|---|', ...rows].join('\n')];
}

/** What there is to know about one rule, without its heading. */
export const ruleMarkdown = ({ title, sees, why, fix, dockerfile }: Rule): string =>
  [
    `**${title}**`,
    ...(sees.length === 0 ? [] : ['What you see:', fenced('text', sees.join('\n'))]),
    why,
    fix,
    fenced('dockerfile', dockerfile),
  ].join('\n\n');

/** What `osless explain --rules` prints: a line for each. */
export function rulesText(rules: readonly Pick<Rule, 'code' | 'severity' | 'title'>[]): string {
  const width = Math.max(0, ...rules.map(({ code }) => code.length));
  return rules.map(({ code, severity, title }) => `${code.padEnd(width)}  ${severity.padEnd(8)}  ${title}`).join('\n');
}
