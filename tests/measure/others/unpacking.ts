import { mkdirSync, writeFileSync } from 'node:fs';
import type { Lab } from './lab.ts';
import { differences, snapshotOf } from './snapshot.ts';
import type { Tools } from './tools.ts';

/** Unpacks images with other tools and with osless, and compares the trees name by name. */
export async function sameTrees(lab: Lab, tools: Tools): Promise<void> {
  console.log('\n-- unpacked trees are the same');
  if (process.getuid?.() !== 0) return lab.skip('trees', 'only root can unpack owners and devices');
  await compare(lab, tools, { name: 'rich', reference: `${lab.path('rich')}:latest` });
  await compare(lab, tools, { name: 'strange', reference: `${lab.path('strange')}:latest` });
  await compare(lab, tools, { name: 'doubled', reference: `${lab.path('doubled')}:latest`, podman: 'refuses' });
  await compare(lab, tools, { name: 'sparse', reference: `${lab.path('sparse')}:latest` });
  for (const program of ['curl', 'git', 'nginx']) await packed(lab, tools, program);
  await built(lab, tools);
}

interface Unpacked {
  readonly name: string;
  /** `FOLDER:TAG` of a layout. */
  readonly reference: string;
  /** Set where podman does not take the image. */
  readonly podman?: 'refuses';
}

async function compare(lab: Lab, tools: Tools, { name, reference, podman }: Unpacked): Promise<void> {
  const ours = lab.path(`tree-${name}-osless`);
  await lab.check(`osless unpacks ${name}`, () => void tools.osless('copy', `oci:${reference}`, `rootfs:${ours}`));
  const others: [keyof Tools & string, () => string][] = [
    ['umoci', () => umociTree(lab, tools, { name, reference })],
    ['podman', () => podmanTree(tools, reference)],
  ];
  for (const [tool, unpack] of others) {
    const says = `${tool} unpacks ${name} to the same tree`;
    if (!tools.there.has(tool)) lab.skip(says, `${tool} is not installed`);
    else if (tool === 'podman' && podman === 'refuses') lab.skip(says, 'podman takes no layer that names a path twice');
    else {
      await lab.check(says, () => {
        const [mine, theirs] = [snapshotOf(ours), snapshotOf(unpack())];
        const found = differences(mine, theirs, tool === 'podman' ? asPodmanLeavesIt : undefined);
        lab.note(`# ${mine.size} names compared`);
        if (found.length > 0) throw new Error(`${found.length} names differ\n${found.slice(0, 8).join('\n')}`);
      });
    }
  }
}

/**
 * Its stores have a root directory of their own, do not set back the times of directories that layers change, and
 * know no time before 1970.
 */
const asPodmanLeavesIt = (path: string, what: string): string =>
  path === '/' ? '' : what.replace(what.startsWith('mode 4') ? /time -?\d+/ : /time -\d+/, 'time 0');

function umociTree(lab: Lab, tools: Tools, { name, reference }: Unpacked): string {
  const tree = lab.path(`tree-${name}-umoci`);
  tools.umoci('raw', 'unpack', '--image', reference, tree);
  return tree;
}

function podmanTree(tools: Tools, reference: string): string {
  const id = tools.podman('pull', '--quiet', `oci:${reference}`).toString().trim();
  return tools.podman('image', 'mount', id).toString().trim();
}

async function packed(lab: Lab, tools: Tools, program: string): Promise<void> {
  if (!lab.has(program)) return lab.skip(`trees of ${program}`, `${program} is not installed`);
  await lab.check(`osless packs ${program} into a layout`, () => {
    tools.osless('pack', program, '-t', program, '--quiet');
    tools.osless('copy', program, `oci:${lab.path(program)}:tag`);
  });
  await compare(lab, tools, { name: program, reference: `${lab.path(program)}:tag` });
}

/** Layers as buildah makes them, from a folder that changes between two commits. */
async function built(lab: Lab, tools: Tools): Promise<void> {
  if (!tools.there.has('buildah')) return lab.skip('trees of what buildah builds', 'buildah is not installed');
  const context = lab.path('context');
  mkdirSync(context);
  lab.run(['cp', '-a', '/etc/ssl', '/etc/alternatives', '/usr/share/zoneinfo', context]);
  writeFileSync(
    lab.path('context', 'Containerfile'),
    [
      'FROM scratch',
      'COPY ssl /etc/ssl',
      'COPY zoneinfo /zones',
      'COPY alternatives /etc/ssl/',
      'ENV A=b',
      'CMD ["/x"]',
      '',
    ].join('\n'),
  );
  await lab.check('buildah builds an image of several layers', () => {
    tools.buildah('bud', '--quiet', '--layers', '--isolation', 'chroot', '-t', 'localhost/built', context);
    tools.buildah('push', '--quiet', 'localhost/built', `oci:${lab.path('built')}:tag`);
  });
  await compare(lab, tools, { name: 'built', reference: `${lab.path('built')}:tag` });
}
