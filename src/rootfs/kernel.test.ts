import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { hostTree } from './host.ts';
import { type LiteralNode, literalTree } from './literal.ts';
import { materialise } from './materialise.ts';
import { type ResolveOptions, resolve } from './resolve.ts';

const work = mkdtempSync(join(tmpdir(), 'kernel-'));
after(() => rmSync(work, { recursive: true, force: true }));

const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((file) => inChroot('/', [], file, ['true'])?.status === 0);
const skip =
  process.geteuid?.() !== 0 ? 'only root can chroot' : busybox === undefined ? 'no busybox is installed' : false;

const component = fc.constantFrom('a', 'b', 'c', 'd', 'chain/38', 'chain/39', '.', '..', '');
const pathText = fc
  .tuple(fc.constantFrom('', '/'), fc.array(component, { minLength: 1, maxLength: 5 }), fc.constantFrom('', '', '/'))
  .map(([start, parts, end]) => `${start}${parts.join('/')}${end}`)
  .filter((text) => text !== '');
const place = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 })
  .map((parts) => `/${parts.join('/')}`);
const node: fc.Arbitrary<LiteralNode> = fc.oneof(
  { weight: 3, arbitrary: pathText.map((linkTarget) => ({ linkTarget })) },
  { weight: 1, arbitrary: fc.constant<LiteralNode>({ content: 'x' }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(0o755, 0o755, 0o700, 0o711, 0o750).map((mode) => ({ kind: 'directory' as const, mode })),
  },
);
const places = fc.dictionary(place, node, { minKeys: 4, maxKeys: 14 });

/** 42 links, each to the one before: 40 can be followed. */
const chain = Object.fromEntries(
  Array.from({ length: 42 }, (_, at) => [`/chain/${at}`, { linkTarget: at === 0 ? '/a' : `${at - 1}` }]),
);

/** What is below something that is no directory is left out. */
function treeOfPlaces(wanted: Readonly<Record<string, LiteralNode>>): Readonly<Record<string, LiteralNode>> {
  const isDirectory = (path: string) => wanted[path] === undefined || wanted[path].kind === 'directory';
  const stands = (path: string): boolean =>
    path
      .split('/')
      .every((_, at, parts) => at === 0 || at === parts.length - 1 || isDirectory(parts.slice(0, at + 1).join('/')));
  return Object.fromEntries(Object.entries(wanted).filter(([path]) => stands(path)));
}

describe('resolve and the kernel', { skip }, () => {
  it('agree on every path of random trees of links, followed or not, as root and as a user', async () => {
    let found = 0;
    let stopped = 0;
    await fc.assert(
      fc.asyncProperty(places, fc.uniqueArray(pathText, { minLength: 40, maxLength: 40 }), async (wanted, paths) => {
        const dir = mkdtempSync(join(work, 'tree-'));
        await materialise(
          literalTree({ ...treeOfPlaces(wanted), ...chain, '/': { kind: 'directory', mode: 0o755 } }),
          dir,
        );
        copyFileSync(busybox ?? '', `${dir}/busybox`);
        for (const asUser of [false, true]) {
          for (const followLast of [true, false]) {
            const options = { followLast, ...(asUser && { as: { uid: 1000, gids: [1000] } }) };
            const ours = await outcomes(dir, paths, options);
            assert.deepEqual(ours, steadyOutcomes(dir, paths, options, ours));
            for (const outcome of Object.values(ours)) typeof outcome === 'number' ? found++ : stopped++;
          }
        }
        rmSync(dir, { recursive: true });
      }),
      { numRuns: 60 },
    );
    assert.ok(found > 500 && stopped > 500, `${found} paths lead somewhere and ${stopped} do not`);
  });
});

type Outcomes = Readonly<Record<string, number | string>>;

/** The inode that each path leads to, or the errno. */
async function outcomes(dir: string, paths: readonly string[], options: ResolveOptions): Promise<Outcomes> {
  const tree = hostTree(dir);
  const errnos = { missing: 'ENOENT', 'not-a-directory': 'ENOTDIR', denied: 'EACCES', loop: 'ELOOP' };
  const answers: Record<string, number | string> = {};
  for (const path of paths) {
    const end = await resolve(tree, path, options);
    answers[path] = end.found ? lstatSync(dir + end.path).ino : errnos[end.problem];
  }
  return answers;
}

const errnoOfText: Readonly<Record<string, string>> = {
  'No such file or directory': 'ENOENT',
  'Not a directory': 'ENOTDIR',
  'Permission denied': 'EACCES',
  'Too many levels of symbolic links': 'ELOOP',
  'Symbolic link loop': 'ELOOP',
};

/**
 * A walk without locks that another process disturbs is begun again by the kernel, with the links of both counted:
 * now and then it says ELOOP for a path of fewer than 40. So a difference must show up five times.
 */
function steadyOutcomes(dir: string, paths: readonly string[], options: ResolveOptions, expected: Outcomes): Outcomes {
  let answers = kernelOutcomes(dir, paths, options);
  for (let again = 0; again < 4 && !isDeepStrictEqual(answers, expected); again++) {
    answers = kernelOutcomes(dir, paths, options);
  }
  return answers;
}

function kernelOutcomes(dir: string, paths: readonly string[], { followLast, as }: ResolveOptions): Outcomes {
  const flags = [...(followLast ? ['-L'] : []), '-c', '%n|%i', '--', ...paths];
  const user = as === undefined ? [] : [`--userspec=${as.uid}:${as.uid}`, '--groups='];
  const { stdout, stderr } = inChroot(dir, user, '/busybox', ['stat', ...flags]);
  const answers = new Map<string, number | string>();
  for (const line of stdout.split('\n')) {
    const [path = '', inode] = line.split('|');
    if (inode !== undefined) answers.set(path, Number(inode));
  }
  for (const [, path = '', text = ''] of stderr.matchAll(/^stat: can't stat '(.*)': (.*)$/gm)) {
    answers.set(path, errnoOfText[text] ?? text);
  }
  return Object.fromEntries(paths.map((path) => [path, answers.get(path) ?? 'no answer']));
}

function inChroot(dir: string, user: readonly string[], program: string, args: readonly string[]) {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
  return spawnSync('chroot', [...user, dir, program, ...args], { encoding: 'utf8', env });
}
