import type { ExplainSummary, Finding } from '../../jobs/explain/index.ts';
import { printable } from '../printable.ts';
import { type Dockerfile, findLine } from './dockerfile-lines.ts';
import { explainHeadline } from './text.ts';

const commands = { blocks: 'error', degrades: 'warning', notes: 'notice' } as const;

/** Workflow commands of GitHub Actions, one for each finding: annotations of the Dockerfile where one is given. */
export function explainGithub(summaries: readonly ExplainSummary[], dockerfile: Dockerfile | undefined): string {
  return summaries
    .flatMap((summary) => summary.findings.map((finding) => annotation(summary, finding, dockerfile)))
    .join('\n');
}

function annotation(summary: ExplainSummary, finding: Finding, dockerfile: Dockerfile | undefined): string {
  const isVerdict = finding.severity === 'blocks' && finding.code === summary.entrypoint.cause;
  const title = isVerdict ? 'does not start' : finding.code;
  const properties = [
    ...(dockerfile === undefined ? [] : [`file=${property(dockerfile.path)}`, `line=${findLine(dockerfile, finding)}`]),
    `title=${property(`${printable(summary.place)}: ${title}`)}`,
  ];
  const text = isVerdict ? explainHeadline(summary) : `${printable(finding.says)} (${finding.code})`;
  return `::${commands[finding.severity]} ${properties.join(',')}::${data(`${text}\n${finding.advice}`)}`;
}

/** As the runner reads them back (@actions/core, command.ts). */
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
