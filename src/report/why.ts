import type { PackedFile, PackSummary } from '../jobs/pack/index.ts';
import { formatSize } from '../kit/index.ts';

/**
 * Why files came along: for all of them a tree, each below the file that wanted it;
 * for one, the chain from it up to the program. undefined when `path` is not among them.
 */
export function whyText(summary: PackSummary, path?: string): string | undefined {
  return path === undefined ? treeText(summary) : chainText(summary, path);
}

function treeText({ files, program }: PackSummary): string {
  const children = grouped(files);
  const lines: string[] = [];
  const seen = new Set<string>();
  const visit = (file: PackedFile, depth: number): void => {
    if (seen.has(file.path)) return;
    seen.add(file.path);
    lines.push(`${'  '.repeat(depth)}${lineOf(file)}`);
    for (const child of children.get(file.path) ?? []) visit(child, depth + 1);
  };
  const isProgram = ({ path }: PackedFile) => path === program;
  for (const file of [...files].sort((a, b) => Number(isProgram(b)) - Number(isProgram(a)))) {
    const by = file.because[0]?.by;
    if (by === undefined || isProgram(file)) visit(file, 0);
  }
  for (const file of files) visit(file, 0);
  return lines.join('\n');
}

function grouped(files: readonly PackedFile[]): Map<string, PackedFile[]> {
  const children = new Map<string, PackedFile[]>();
  for (const file of files) {
    const by = file.because[0]?.by;
    if (by === undefined || by === file.path) continue;
    children.set(by, [...(children.get(by) ?? []), file]);
  }
  return children;
}

const lineOf = ({ path, level, because, sizeBytes, kind }: PackedFile): string => {
  const reason = because[0];
  const size = kind === 'file' ? ` ${formatSize(sizeBytes)}` : '';
  const sure = level === 'needed' ? '' : `, ${level}`;
  return `${path}${size}  (${reason === undefined ? 'base' : `${reason.rule}: ${reason.detail}`}${sure})`;
};

function chainText({ files, leftOut }: PackSummary, path: string): string | undefined {
  const byPath = new Map([...leftOut, ...files].map((file) => [file.path as string, file]));
  const start = byPath.get(path);
  if (start === undefined) return undefined;
  const lines: string[] = files.includes(start) ? [] : [`${path} was left out; it would come along because:`];
  const seen = new Set<string>();
  let file: PackedFile | undefined = start;
  while (file !== undefined && !seen.has(file.path)) {
    seen.add(file.path);
    for (const { rule, detail, by } of file.because) {
      lines.push(`${file.path}  (${rule}: ${detail}${by === undefined ? '' : `, wanted by ${by}`})`);
    }
    file = byPath.get(file.because[0]?.by ?? '');
  }
  return lines.join('\n');
}
