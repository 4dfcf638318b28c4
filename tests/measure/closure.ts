/**
 * Our closure beside the real loader's, over every ELF file with a dynamic section in a tree.
 * `npm run measure -- closure [--root DIR]… [--musl DIR] [--random COUNT [--seed N]] [--all]`: DIR is entered by
 * chroot, so be root; without any the machine's own root; --musl makes a musl tree in DIR first; --random makes
 * COUNT small trees with libraries in all the ways that loaders have to cope with, for the loaders of DIR;
 * --all prints every difference.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Closure, closureOf } from '../../src/facts/loader/index.ts';
import { parseElf } from '../../src/formats/elf/index.ts';
import { type ImagePath, readAt } from '../../src/kit/index.ts';
import { type FileTree, hostTree, walk } from '../../src/rootfs/index.ts';
import { type Comparison, compare, type Likeness } from './closure/compare.ts';
import { levelsOfThisCpu } from './closure/cpu.ts';
import { makeMuslTree } from './closure/musl-tree.ts';
import { reasonAgainst, tryRandomTrees } from './closure/random.ts';
import { askLoaders, commandFor, type Realm, reasonNotToAsk } from './closure/real-loader.ts';

const { values } = parseArgs({
  options: {
    root: { type: 'string', multiple: true, default: [] },
    musl: { type: 'string' },
    random: { type: 'string' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
  },
});
if (values.musl !== undefined && !existsSync(`${values.musl}/etc/ld-musl-x86_64.path`)) makeMuslTree(values.musl);
const roots = [...values.root, ...(values.musl === undefined ? [] : [values.musl])];
/** Other trees and what is not installed: not part of the machine's own. */
const notOfTheHost = /^\/(tmp|run|var\/tmp|var\/lib|work|home)(\/|$)/;
const shown = values.all ? Number.POSITIVE_INFINITY : 15;

const cpu = levelsOfThisCpu();

if (roots.length === 0) roots.push('/');
for (const root of roots) {
  if (values.random === undefined) await measure(root);
  else await measureRandom(root, Number(values.random), Number(values.seed));
}

async function measureRandom(loaderFrom: string, count: number, seed: number): Promise<void> {
  for (const flavour of ['glibc', 'musl'] as const) {
    const reason = await reasonAgainst(flavour, loaderFrom);
    console.log(`\n${count} random trees from seed ${seed} on, ${flavour} of ${loaderFrom}: ${reason ?? ''}`);
    if (reason !== undefined) continue;
    const runs = await tryRandomTrees(flavour, { seed, count, cpu, loaderFrom });
    const named = runs.map((run) => ({ ...run.comparison, file: `seed ${run.seed}` }));
    report(named, ['busybox', 'chroot', 'TREE', 'LOADER', '…']);
  }
}

async function measure(root: string): Promise<void> {
  const tree = hostTree(root);
  const files = await dynamicFiles(tree, root);
  const started = performance.now();
  const closures = await Promise.all(files.map((file) => closureOf(tree, file, { cpu })));
  const seconds = (performance.now() - started) / 1000;
  console.log(`\n${root}: ${files.length} files with a dynamic section, all closures in ${seconds.toFixed(1)} s`);
  const realms = new Map<string, { realm: Realm; own: Closure[] }>();
  const notAsked: string[] = [];
  for (const closure of closures) {
    const realm = realmOf(root, closure);
    if (typeof realm === 'string') notAsked.push(realm);
    else {
      const key = `${realm.flavour} ${realm.machineName}`;
      realms.set(key, { realm, own: [...(realms.get(key)?.own ?? []), closure] });
    }
  }
  for (const { realm, own } of realms.values()) report(await compareAll(tree, realm, own), commandFor(realm));
  for (const reason of new Set(notAsked)) {
    console.log(`  not asked: ${String(notAsked.filter((other) => other === reason).length).padStart(5)}  ${reason}`);
  }
}

/** Whose loader can be asked for a file, or why none can. */
function realmOf(root: string, { flavour, objects, interpreter }: Closure): Realm | string {
  const machineName = objects[0]?.elf.machineName ?? '';
  if (flavour === 'static') return 'static';
  if (flavour === 'other' || interpreter?.path === undefined) return `${machineName}, no loader ${interpreter?.name}`;
  const realm = { root, flavour, machineName };
  return reasonNotToAsk(realm) ?? realm;
}

async function compareAll(tree: FileTree, realm: Realm, closures: readonly Closure[]): Promise<Comparison[]> {
  const questions = closures.map(({ program, interpreter }) => ({ loader: interpreter?.name ?? '', file: program }));
  const answers = await askLoaders(realm, questions);
  const comparisons: Comparison[] = [];
  for (const [index, closure] of closures.entries()) {
    const answer = answers[index];
    if (answer !== undefined) comparisons.push(await compare(tree, closure, answer));
  }
  return comparisons;
}

function report(comparisons: readonly Comparison[], command: readonly string[]): void {
  console.log(`  ${command.join(' ')}`);
  const sum = (of: (comparison: Comparison) => number): number => comparisons.reduce((all, one) => all + of(one), 0);
  console.log(
    `  objects that it listed: ${sum(({ objects }) => objects)}, names that it missed: ${sum(({ missing }) => missing)}`,
  );
  const kinds: Likeness[] = ['equal', 'refused by both', 'refused by it', 'other order', 'different'];
  for (const kind of kinds) {
    const of = comparisons.filter(({ likeness }) => likeness === kind);
    const share = ((100 * of.length) / comparisons.length).toFixed(2);
    console.log(`  ${kind.padEnd(16)} ${String(of.length).padStart(6)}  ${share} %`);
    if (kind === 'equal') continue;
    for (const { file, detail } of of.slice(0, shown)) console.log(`      ${file}: ${detail}`);
    if (of.length > shown) console.log(`      … and ${of.length - shown} more (--all)`);
  }
}

async function dynamicFiles(tree: FileTree, root: string): Promise<ImagePath[]> {
  const files: ImagePath[] = [];
  const known = new Set<string>();
  for await (const { path, node } of walk(tree)) {
    if (node.kind !== 'file' || (root === '/' && notOfTheHost.test(path))) continue;
    if (node.identity !== undefined && known.has(node.identity)) continue;
    known.add(node.identity ?? '');
    const head = await readAt(node.content, 0, 4);
    if (Buffer.from(head).toString('latin1') !== '\x7fELF') continue;
    const elf = await parseElf(node.content).catch(() => undefined);
    if (elf?.dynamic !== undefined) files.push(path);
  }
  return files;
}
