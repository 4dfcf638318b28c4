// Over the commands of a rich tree: which share gives the same exit code and output when it is packed as in the
// full tree, beside a plain `ldd` closure. `npm run measure -- works [--sample N] [--seed N]`; see lab/select.ts.
import type { LabCommand } from './lab/commands.ts';
import { megabytes, ratios, sizes } from './lab/figures.ts';
import { groups, overCommands, selection } from './lab/select.ts';
import { bytesOf, type Outcome, packedOutcome, type Reference } from './lab/trial.ts';

interface Trial {
  readonly command: LabCommand;
  readonly reference: Reference;
  readonly packed: Outcome;
  readonly openedBytes: number;
}

const nothing: Outcome = { works: false, bytes: 0, said: '' };
const selected = selection();
const trials = await overCommands(selected, async (command, reference, lab): Promise<Trial> => {
  const packed = reference.excluded === undefined ? await packedOutcome(command, reference, lab) : nothing;
  return { command, reference, packed, openedBytes: bytesOf(lab.root, reference.opened) };
});

const counted = trials.filter(({ reference }) => reference.excluded === undefined);
const hanging = trials.filter(({ reference }) => reference.excluded === 'hangs').length;
console.log(
  `left out: ${hanging} that wait for something, ${trials.length - counted.length - hanging} with an output that changes`,
);
for (const { command, reference, packed } of counted) {
  if (!packed.works) console.log(`fails: ${command.path} ${reference.option} (${command.kind}): ${packed.said}`);
}
if (selected.heavy) {
  const heaviest = counted.toSorted((a, b) => b.packed.bytes / b.openedBytes - a.packed.bytes / a.openedBytes);
  for (const { command, packed, openedBytes } of heaviest.slice(0, 60)) {
    console.log(
      `heavy: ${command.path} (${command.kind}): ${megabytes(packed.bytes)} of ${megabytes(openedBytes)} MB opened`,
    );
  }
}
console.log('\nworks (%): of an ldd closure, packed; median and 90th percentile');
console.log('kind           commands  closure   packed     packed MB              opened MB            packed/opened');
for (const { name, has } of groups) {
  const rows = counted.filter(({ command }) => has(command.kind));
  if (rows.length > 0) console.log(rowOf(name, rows));
}

function rowOf(kind: string, rows: readonly Trial[]): string {
  const share = (works: (row: Trial) => boolean) =>
    ((rows.filter(works).length / rows.length) * 100).toFixed(1).padStart(7);
  const opening = rows.filter(({ openedBytes }) => openedBytes > 0);
  return [
    kind.padEnd(14),
    String(rows.length).padStart(6),
    share(({ reference }) => reference.closure.works),
    share(({ packed }) => packed.works),
    sizes(rows.map(({ packed }) => packed.bytes)),
    sizes(rows.map(({ openedBytes }) => openedBytes)),
    ratios(opening.map(({ packed, openedBytes }) => packed.bytes / openedBytes)),
  ].join('   ');
}
