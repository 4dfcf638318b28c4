import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { mapPool } from '../../../src/kit/index.ts';
import { hostTree } from '../../../src/rootfs/index.ts';
import { type CommandKind, commandsIn, type LabCommand, sampleOf } from './commands.ts';
import { type Lab, type Reference, referenceOf } from './trial.ts';

/** The flags of measurements over commands. */
export interface Selection {
  readonly tree: string;
  readonly commands: readonly LabCommand[];
  readonly references: Map<string, Reference>;
  /** Tells which commands weigh most. */
  readonly heavy: boolean;
  readonly reuse: string;
}

/**
 * `--tree DIR --sample N --seed N --kind WORD --only NAME,NAME --heavy --reuse FILE`: the last keeps what does not
 * depend on the rules (the runs in the full tree, the baseline) in a file.
 */
export function selection(): Selection {
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
  const { tree, reuse, heavy } = values;
  const names = values.only.split(',');
  const kinds = values.kind.split(',');
  const all = commandsIn(tree)
    .filter(({ kind }) => kinds.some((word) => kind.includes(word)))
    .filter(({ path }) => values.only === '' || names.some((name) => path.endsWith(`/${name}`)));
  const count = Number(values.sample);
  const commands = count > 0 && count < all.length ? sampleOf(all, count, Number(values.seed)) : all;
  console.log(`${commands.length} of ${all.length} commands of ${tree}, seed ${values.seed}`);
  const known = reuse !== '' && existsSync(reuse) ? readFileSync(reuse, 'utf8') : '{}';
  return { tree, commands, references: new Map(Object.entries(JSON.parse(known))), heavy, reuse };
}

/** What `measure` says of each command, two or three at the same time, with a word on how long it will take. */
export async function overCommands<T>(
  { tree, commands, references, reuse }: Selection,
  measure: (command: LabCommand, reference: Reference, lab: Lab) => Promise<T>,
): Promise<T[]> {
  const lab: Lab = { root: tree, tree: hostTree(tree), work: `${tree}.lab-${process.pid}` };
  const unknown = commands.filter(({ path }) => !references.has(path)).length;
  console.log(`about ${Math.ceil((unknown * 0.7 + commands.length * 0.35) / 60)} minutes on two cores`);
  let done = 0;
  mkdirSync(lab.work, { recursive: true });
  try {
    return await mapPool(commands, 3, async (command) => {
      const reference = references.get(command.path) ?? (await referenceOf(command, lab));
      references.set(command.path, reference);
      const answer = await measure(command, reference, lab);
      if (++done % 100 === 0) console.error(`${done} of ${commands.length}`);
      return answer;
    });
  } finally {
    rmSync(lab.work, { recursive: true, force: true });
    if (reuse !== '') writeFileSync(reuse, JSON.stringify(Object.fromEntries(references)));
  }
}

/** Each kind, and kinds taken together. */
export const groups: readonly { readonly name: string; readonly has: (kind: CommandKind) => boolean }[] = [
  ...(['dynamic ELF', 'static ELF'] as const).map((name) => ({ name, has: (kind: CommandKind) => kind === name })),
  { name: 'native', has: (kind) => kind.endsWith('ELF') },
  ...(['sh', 'bash', 'perl', 'python', 'other script'] as const).map((name) => ({
    name,
    has: (kind: CommandKind) => kind === name,
  })),
  { name: 'all', has: () => true },
];
