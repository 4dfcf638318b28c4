import type { ExplainSummary, Finding } from '../../jobs/explain/index.ts';
import { fenced, inline } from '../markdown.ts';
import { printable } from '../printable.ts';
import { stepsOf } from './chain.ts';
import { ofSeverity, surroundingsOf } from './fields.ts';
import { explainHeadline } from './text.ts';

const signs = { yes: '✅', no: '❌', unknown: '❔' } as const;
const marks = { yes: '✓', no: '✗', unknown: '?' } as const;

/** A comment for a pull request: the same as the text, in GitHub's Markdown. */
export const explainMarkdown = (summaries: readonly ExplainSummary[]): string => summaries.map(oneImage).join('\n\n');

function oneImage(summary: ExplainSummary): string {
  const { entrypoint } = summary;
  const advice = ofSeverity(summary, 'blocks').map((finding) => finding.advice);
  const chain = stepsOf(entrypoint).map(
    ({ mark, depth, name, what }) => `${'  '.repeat(depth)}${marks[mark]} ${name}  (${what})`,
  );
  return [
    `### ${signs[entrypoint.starts]} ${inline(explainHeadline(summary))}`,
    fenced('text', chain.join('\n')),
    ...(entrypoint.why === null ? [] : [inline(entrypoint.why)]),
    ...(entrypoint.message === null ? [] : ['What is printed:', fenced('text', printable(entrypoint.message))]),
    ...(advice.length === 0 ? [] : ['**Fix**', ...advice.map((text) => fenced('text', pasted(text)))]),
    ...listOf('Works less well', ofSeverity(summary, 'degrades')),
    ...listOf('Notes', ofSeverity(summary, 'notes')),
    surroundingsOf(summary)
      .map(([label, text]) => `**${label}:** ${inline(text ?? '')}`)
      .join('  \n'),
  ].join('\n\n');
}

function listOf(title: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const items = findings.map(
    ({ code, says, advice }) =>
      `- \`${code}\`: ${inline(printable(says))}  \n  ${inline(pasted(advice)).replaceAll('\n', '  \n  ')}`,
  );
  return [`**${title}**`, items.join('\n')];
}

/** What may be pasted keeps its lines. */
const pasted = (text: string): string => text.split('\n').map(printable).join('\n');
