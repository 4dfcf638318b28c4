import type { PackedFile, PackSummary, RunVerdict } from '../jobs/pack/index.ts';
import { formatSize } from '../kit/index.ts';
import { formatTable } from './table.ts';

/** What `osless pack` prints on a terminal; `kept` are the places where the image is. */
export function packText(summary: PackSummary, kept: readonly string[]): string {
  const { image, program } = summary;
  const where = kept.length === 0 ? '' : ` → ${kept.join(', ')}`;
  return [
    `${program}${where} (${image.platform})`,
    `${formatSize(image.sizeBytes)} in ${counted(image.fileCount, 'file')}:`,
    indented(groupsText(summary.files)),
    ...(summary.missing.length === 0 ? [] : [missingText(summary)]),
    ...leftOutText(summary.leftOut),
    ...summary.notes,
    verdictText(summary),
    ...nextText(kept),
  ].join('\n');
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const indented = (text: string): string => text.replaceAll(/^/gm, '  ');

interface Group {
  files: number;
  bytes: number;
}

/** How much each rule brought; a file counts for the first rule that wanted it. */
function groupsText(files: readonly PackedFile[]): string {
  const groups = new Map<string, Group>();
  for (const { kind, because, sizeBytes } of files) {
    if (kind === 'directory') continue;
    const rule = because[0]?.rule ?? 'base';
    const group = groups.get(rule) ?? { files: 0, bytes: 0 };
    groups.set(rule, { files: group.files + 1, bytes: group.bytes + sizeBytes });
  }
  const sorted = [...groups].sort(([, a], [, b]) => b.bytes - a.bytes);
  const rows = sorted.map(([rule, group]) => [rule, counted(group.files, 'file'), formatSize(group.bytes)]);
  const [first = [], ...rest] = rows;
  return formatTable(first, rest);
}

/** The command to type next; what went to a pipe is run by whoever reads it. */
function nextText(kept: readonly string[]): string[] {
  const place = kept.find((each) => each !== '-');
  return place === undefined ? [] : [`next: osless run ${place}`];
}

function missingText({ missing }: PackSummary): string {
  const names = missing.map(({ name, because }) => `${name}${because.by === undefined ? '' : ` (for ${because.by})`}`);
  return `missing: ${names.join(', ')}`;
}

function leftOutText(leftOut: readonly PackedFile[]): string[] {
  const files = leftOut.filter(({ kind }) => kind !== 'directory');
  if (files.length === 0) return [];
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return [
    `left out: ${counted(files.length, 'file')}, ${formatSize(bytes)}, that it might read (--keep possible takes them)`,
  ];
}

function verdictText({ program, verified: { static: verdict, ran } }: PackSummary): string {
  const words = {
    yes: 'starts: yes, as far as can be told without running it',
    no: `starts: no: ${verdict.says ?? verdict.cause ?? 'unknown cause'}`,
    unknown: `starts: unknown${verdict.says === null ? '' : `: ${verdict.says}`}`,
  }[verdict.starts];
  return ran === null ? words : `${words}\n${runText(program, ran)}`;
}

function runText(program: string, { args, same, full, packed }: RunVerdict): string {
  const command = [program, ...args].join(' ');
  if (same) return `verified: ${command} behaves in the image as in the full tree (exit code ${full.exitCode})`;
  const codes = full.exitCode === packed.exitCode ? '' : ` exit code ${packed.exitCode} instead of ${full.exitCode};`;
  const difference = firstDifference(full.stderr, packed.stderr) ?? firstDifference(full.stdout, packed.stdout) ?? '';
  return `verified: ${command} behaves otherwise in the image:${codes}${difference}`;
}

/** The first line that is another one in the image. */
function firstDifference(full: string, packed: string): string | undefined {
  const [there, here] = [full.split('\n'), packed.split('\n')];
  const at = here.findIndex((line, index) => line !== there[index]);
  if (full === packed) return undefined;
  const line = (lines: readonly string[]) => JSON.stringify((lines[at === -1 ? here.length : at] ?? '').slice(0, 200));
  return ` it prints ${line(here)} instead of ${line(there)}`;
}
