import type { ExplainSummary, Finding } from '../../jobs/explain/index.ts';
import { type Looks, marksOf, painter } from '../looks.ts';
import { printable } from '../printable.ts';
import { type Step, stepsOf } from './chain.ts';
import { type Field, ofSeverity, reasonOf, surroundingsOf } from './fields.ts';

/** The verdict in one line, without its mark. */
export function explainHeadline({ place, in: within, entrypoint, findings }: ExplainSummary): string {
  const { starts, cause, says } = entrypoint;
  const name = printable(within === null ? place : `${place} in ${within}`);
  if (starts === 'no') return `${name} does not start: ${printable(says)} (${cause ?? 'unknown'})`;
  if (starts === 'unknown') return `${name}: cannot tell whether it starts: ${printable(says)}`;
  const late = cause === null ? undefined : findings.find(({ code }) => code === cause);
  return `${name} starts${late === undefined ? '' : `, but ${printable(late.says)} (${late.code})`}`;
}

/** What `osless explain` prints. */
export function explainText(summary: ExplainSummary, looks: Looks): string {
  const { entrypoint } = summary;
  const marks = marksOf(looks);
  const head = `${marks[entrypoint.starts]} ${explainHeadline(summary)}`;
  const sections = [
    [painter(looks)(colourOf[entrypoint.starts], head)],
    stepLines(stepsOf(entrypoint), looks),
    fieldLines(reasonOf(summary), looks),
    fieldLines(surroundingsOf(summary), looks),
    findingLines('Works less well:', ofSeverity(summary, 'degrades'), { looks, mark: marks.warning }),
    findingLines('Notes:', ofSeverity(summary, 'notes'), { looks, mark: marks.note }),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

const colourOf = { yes: 'green', no: 'red', unknown: 'yellow' } as const;

function stepLines(steps: readonly Step[], looks: Looks): string[] {
  const paint = painter(looks);
  const marks = marksOf(looks);
  const width = Math.max(0, ...steps.map(({ depth, name }) => 2 * depth + name.length));
  return steps.map(({ mark, depth, name, what }) => {
    const gap = ' '.repeat(Math.min(width, 60) - Math.min(2 * depth + name.length, Math.min(width, 60)));
    return `  ${'  '.repeat(depth)}${paint(colourOf[mark], marks[mark])} ${name}${gap}  ${paint('dim', what)}`;
  });
}

const labelWidth = 10;
const textWidth = 100;

function fieldLines(fields: readonly Field[], looks: Looks): string[] {
  const paint = painter(looks);
  return fields.flatMap(([label, text]) => {
    if (text === null || text === '') return [];
    const lines = label === 'Fix' ? pasted(text) : wrapped(text, textWidth);
    const head = paint('bold', label.padEnd(labelWidth - 2));
    return lines.map((line, at) => `  ${at === 0 ? head : ' '.repeat(labelWidth - 2)}  ${line}`);
  });
}

/** What may be pasted keeps its lines. */
const pasted = (text: string): string[] => text.split('\n').map(printable);

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

interface Manner {
  readonly looks: Looks;
  readonly mark: string;
}

function findingLines(title: string, findings: readonly Finding[], { looks, mark }: Manner): string[] {
  const paint = painter(looks);
  if (findings.length === 0) return [];
  const lines = findings.flatMap(({ code, says, advice }) => [
    ...wrapped(`${printable(says)} (${code})`, textWidth).map((line, at) =>
      at === 0 ? `  ${paint('yellow', mark)} ${line}` : `    ${line}`,
    ),
    ...pasted(advice).map((line) => paint('dim', `    ${line}`)),
  ]);
  return [paint('bold', title), ...lines];
}
