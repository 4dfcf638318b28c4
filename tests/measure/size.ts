// Packed bytes beside the bytes of the files that a command opens, and beside the distribution image in which its
// package is installed. `npm run measure -- size [--sample N] [--seed N]`; see lab/select.ts.
import { needsOf } from '../../src/facts/needs/index.ts';
import { type Package, type PackageDatabase, packagesOf } from '../../src/facts/packages/index.ts';
import { imagePath } from '../../src/kit/index.ts';
import { hostTree } from '../../src/rootfs/index.ts';
import type { LabCommand } from './lab/commands.ts';
import { ratios, sizes } from './lab/figures.ts';
import { groups, overCommands, selection } from './lab/select.ts';
import { bytesOf } from './lab/trial.ts';

interface Sizes {
  readonly command: LabCommand;
  readonly packed: number;
  readonly opened: number;
  /** What a minimal system with the package and all that it depends on holds: files of the same tree. */
  readonly distribution: number;
}

const selected = selection();
const database = await packagesOf(hostTree(selected.tree));
if (database === undefined) throw new Error(`${selected.tree} has no package database`);
const bytesOfPackage = new Map<Package, number>();
const minimal = await withDependencies(
  database,
  (await database.all()).filter(({ essential, name }) => essential || name === 'apt'),
);

const measured = await overCommands(selected, async (command, reference, lab): Promise<Sizes | undefined> => {
  const owner = await database.ownerOf(imagePath(command.path));
  if (reference.excluded !== undefined || owner === undefined || reference.opened.length === 0) return undefined;
  const { needs } = await needsOf(lab.tree, imagePath(command.path));
  const installed = new Set([...minimal, ...(await withDependencies(database, [owner]))]);
  let distribution = 0;
  for (const one of installed) distribution += await sizeOf(one);
  const packed = bytesOf(
    lab.root,
    needs.map(({ path }) => path),
  );
  return { command, packed, opened: bytesOf(lab.root, reference.opened), distribution };
});

console.log('\nMB, median and 90th percentile');
console.log(
  'kind           commands     opened                packed          distribution image     packed/opened   distribution/packed',
);
const rows = measured.filter((row) => row !== undefined);
for (const { name, has } of groups) {
  const these = rows.filter(({ command }) => has(command.kind));
  if (these.length === 0) continue;
  const columns = [
    name.padEnd(14),
    String(these.length).padStart(6),
    sizes(these.map(({ opened }) => opened)),
    sizes(these.map(({ packed }) => packed)),
    sizes(these.map(({ distribution }) => distribution)),
    ratios(these.map(({ packed, opened }) => packed / opened)).padEnd(13),
    ratios(these.map(({ packed, distribution }) => distribution / packed)),
  ];
  console.log(columns.join('   '));
}

/** The first installed alternative of each dependency, and of theirs. */
async function withDependencies(packages: PackageDatabase, roots: readonly Package[]): Promise<Set<Package>> {
  const found = new Set(roots);
  for (const one of found) {
    for (const alternatives of one.depends) {
      for (const name of alternatives) {
        const installed = await packages.find(name);
        if (installed === undefined) continue;
        found.add(installed);
        break;
      }
    }
  }
  return found;
}

async function sizeOf(one: Package): Promise<number> {
  const known = bytesOfPackage.get(one) ?? bytesOf(selected.tree, (await database?.filesOf(one)) ?? []);
  bytesOfPackage.set(one, known);
  return known;
}
