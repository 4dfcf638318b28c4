import type { ExplainSummary, Finding, Severity } from '../../jobs/explain/index.ts';
import { printable } from '../printable.ts';

export type Field = readonly [label: string, text: string | null];

/** Why it does not start, what that looks like, and what to do. */
export function reasonOf(summary: ExplainSummary): readonly Field[] {
  const { entrypoint } = summary;
  const blocking = ofSeverity(summary, 'blocks');
  const advice = blocking.map((finding) => finding.advice).find((text) => text !== '') ?? null;
  const [, ...others] = blocking;
  return [
    ['Why', entrypoint.why],
    ['Shows', entrypoint.message === null ? null : printable(entrypoint.message)],
    ['Fix', advice],
    ...others.map(({ says }): Field => ['Also', printable(says)]),
    ...entrypoint.undecided.filter((text) => text !== entrypoint.says).map((text): Field => ['Open', printable(text)]),
  ];
}

/** The operating system, and whether the program would miss it. */
export function surroundingsOf({ os, platform, machine, needsOs }: ExplainSummary): readonly Field[] {
  const has = [
    os.name ?? os.distro,
    os.libc,
    os.shell && `shell ${os.shell}`,
    os.packageManager,
    os.packageCount === null ? null : `${os.packageCount} package${os.packageCount === 1 ? '' : 's'}`,
    os.init && `init ${os.init}`,
    os.commands && `commands of ${os.commands}`,
  ].filter((part) => part !== null && part !== '');
  const judgedFor = platform.split('/')[1] === machine ? '' : `, judged for a machine that is ${machine}`;
  const missing = os.present ? '' : has.length === 0 ? 'none' : ' (no shell and no package manager that would run)';
  const answer = { yes: 'yes', no: 'no', unknown: 'cannot tell' }[needsOs.answer];
  return [
    ['OS', printable(has.join(', ')) + missing],
    ['For', printable(platform) + judgedFor],
    ['Needs OS', `${answer}${needsOs.because.length === 0 ? '' : `: ${needsOs.because.map(printable).join('; ')}`}`],
  ];
}

export const ofSeverity = ({ findings }: ExplainSummary, severity: Severity): readonly Finding[] =>
  findings.filter((finding) => finding.severity === severity);
