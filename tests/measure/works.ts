// Over the commands of a rich tree: which share gives the same exit code and output when it is packed as in the
// full tree, beside a plain `ldd` closure. `npm run measure -- works [--tree DIR] [--sample N] [--seed N] [--reuse FILE]`
// `--reuse` keeps what does not depend on the rules (the runs in the full tree, the baseline) in a file.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { mapPool } from '../../src/kit/index.ts';
import { hostTree } from '../../src/rootfs/index.ts';
import { type CommandKind, commandsIn, type LabCommand, sampleOf } from './lab/commands.ts';
import { bytesOf, type Lab, type Outcome, packedOutcome, type Reference, referenceOf } from './lab/trial.ts';

const { values } = parseArgs({
  options: {
    tree: { type: 'string', default: '/var/tmp/osless-rich' },
    sample: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    kind: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    reuse: { type: 'string', default: '' },
    heavy: { type: 'boolean', default: false },
  },
});

interface Trial {
  readonly command: LabCommand;
  readonly reference: Reference;
  readonly packed: Outcome;
  readonly openedBytes: number;
}

const lab: Lab = { root: values.tree, tree: hostTree(values.tree), work: `${values.tree}.lab-${process.pid}` };
const all = commandsIn(values.tree).filter(
  ({ path, kind }) =>
    kind.includes(values.kind) &&
    (values.only === '' || values.only.split(',').some((name) => path.endsWith(`/${name}`))),
);
const count = Number(values.sample);
const commands = count > 0 && count < all.length ? sampleOf(all, count, Number(values.seed)) : all;
const references = new Map<string, Reference>(
  values.reuse !== '' && existsSync(values.reuse) ? Object.entries(JSON.parse(readFileSync(values.reuse, 'utf8'))) : [],
);
const unknown = commands.filter(({ path }) => !references.has(path)).length;
console.log(`${commands.length} of ${all.length} commands of ${values.tree}, seed ${values.seed}`);
console.log(`about ${Math.ceil((unknown * 0.7 + commands.length * 0.35) / 60)} minutes on two cores`);

mkdirSync(lab.work, { recursive: true });
let done = 0;
let trials: Trial[];
try {
  trials = await mapPool(commands, 3, trial);
} finally {
  rmSync(lab.work, { recursive: true, force: true });
}
if (values.reuse !== '') writeFileSync(values.reuse, JSON.stringify(Object.fromEntries(references)));
report(trials);

async function trial(command: LabCommand): Promise<Trial> {
  const reference = references.get(command.path) ?? (await referenceOf(command, lab));
  references.set(command.path, reference);
  if (++done % 100 === 0) console.error(`${done} of ${commands.length}`);
  const nothing = { works: false, bytes: 0, said: '' };
  const packed = reference.excluded === undefined ? await packedOutcome(command, reference, lab) : nothing;
  return { command, reference, packed, openedBytes: bytesOf(lab.root, reference.opened) };
}

function report(trials: readonly Trial[]): void {
  const counted = trials.filter(({ reference }) => reference.excluded === undefined);
  const hanging = trials.filter(({ reference }) => reference.excluded === 'hangs').length;
  console.log(
    `${hanging} left out because they wait for something, ${trials.length - counted.length - hanging} because their output changes from run to run`,
  );
  const failed = counted.filter(({ packed }) => !packed.works);
  for (const { command, reference, packed } of failed)
    console.log(`fails: ${command.path} ${reference.option} (${command.kind}): ${packed.said}`);
  if (values.heavy) {
    const heavy = counted
      .toSorted((a, b) => b.packed.bytes / b.openedBytes - a.packed.bytes / a.openedBytes)
      .slice(0, 60);
    for (const { command, packed, openedBytes } of heavy)
      console.log(
        `heavy: ${command.path} (${command.kind}): ${megabytes(packed.bytes)} of ${megabytes(openedBytes)} MB opened`,
      );
  }
  const kinds: readonly (CommandKind | 'native' | 'shell' | 'all')[] = [
    'dynamic ELF',
    'static ELF',
    'native',
    'sh',
    'bash',
    'shell',
    'perl',
    'python',
    'other script',
    'all',
  ];
  console.log(
    'kind          commands  closure%  packed%   packed MB median/p90   opened MB median/p90   packed/opened median/p90',
  );
  for (const kind of kinds) {
    const rows = counted.filter(({ command }) => isOf(command.kind, kind));
    if (rows.length > 0) console.log(rowOf(kind, rows));
  }
}

function isOf(kind: CommandKind, group: CommandKind | 'native' | 'shell' | 'all'): boolean {
  if (group === 'native') return kind.endsWith('ELF');
  if (group === 'shell') return kind === 'sh' || kind === 'bash';
  return group === 'all' || kind === group;
}

function rowOf(kind: string, rows: readonly Trial[]): string {
  const share = (works: (row: Trial) => boolean) =>
    ((rows.filter(works).length / rows.length) * 100).toFixed(1).padStart(8);
  const bytes = (of: (row: Trial) => number) =>
    `${megabytes(quantile(rows.map(of), 0.5))} /${megabytes(quantile(rows.map(of), 0.9))}`;
  const ratios = rows
    .filter(({ openedBytes }) => openedBytes > 0)
    .map(({ packed, openedBytes }) => packed.bytes / openedBytes);
  return [
    kind.padEnd(14),
    String(rows.length).padStart(6),
    share(({ reference }) => reference.closure.works),
    share(({ packed }) => packed.works),
    bytes(({ packed }) => packed.bytes),
    bytes(({ openedBytes }) => openedBytes),
    `${quantile(ratios, 0.5).toFixed(2)} / ${quantile(ratios, 0.9).toFixed(2)}`,
  ].join('   ');
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2).padStart(8);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
