import { openLayout } from '../../../src/content/index.ts';
import { type Image, openImage, validate } from '../../../src/image/index.ts';
import { digestOf } from '../../../src/kit/index.ts';
import { expectSame, type Lab } from './lab.ts';
import type { Tools } from './tools.ts';

/** One way in which another tool writes the image. */
interface Writing {
  readonly tool: 'skopeo' | 'podman' | 'buildah' | 'docker';
  /** The command, before it the tool's own options. */
  readonly command: readonly string[];
  /** What osless calls the place; for layouts skopeo's name too. */
  readonly place: string;
}

/** Brings `image` into each tool, lets it write every kind of place, and reads them back. */
export async function weReadTheirs(lab: Lab, tools: Tools, image: Image): Promise<void> {
  console.log('\n-- we read what others write');
  const source = `oci:${lab.path('rich')}:latest`;
  const id = digestOf(image.config.raw).slice('sha256:'.length);
  await lab.check('each of them has the image', () => {
    if (tools.there.has('podman')) tools.podman('pull', '--quiet', source);
    if (tools.there.has('podman')) tools.podman('tag', id, 'localhost/rich:theirs');
    if (tools.there.has('buildah')) tools.buildah('pull', '--quiet', source);
    if (tools.there.has('docker')) tools.docker('load', '--input', lab.path('ours.docker.tar'));
    lab.run(['mkdir', '-p', lab.path('theirs')]);
  });
  let count = 0;
  for (const writing of writings(lab, id)) {
    const says = `osless reads what ${[writing.tool, ...writing.command.slice(0, 2)].join(' ')} wrote (${writing.place.split(':')[0]})`;
    if (!tools.there.has(writing.tool)) lab.skip(says, `${writing.tool} does not work here`);
    else await lab.check(says, () => readsBack(lab, tools, { writing, image, number: count++ }));
  }
}

function writings(lab: Lab, id: string): Writing[] {
  const at = (name: string): string => lab.path('theirs', name);
  const from = `oci:${lab.path('rich')}:latest`;
  const skopeo = (to: string, place = to, options: string[] = []): Writing => ({
    tool: 'skopeo',
    command: ['copy', ...options, from, to],
    place,
  });
  const podman = (format: string, file: string, place: string): Writing => ({
    tool: 'podman',
    command: ['save', '--quiet', '--format', format, '-o', file, 'localhost/rich:theirs'],
    place,
  });
  const buildah = (to: string): Writing => ({ tool: 'buildah', command: ['push', '--quiet', id, to], place: to });
  return [
    skopeo(`oci:${at('skopeo')}:tag`),
    skopeo(`oci-archive:${at('skopeo.oci.tar')}:tag`),
    skopeo(`docker-archive:${at('skopeo.docker.tar')}:skopeo:1`),
    skopeo(`oci:${at('skopeo-zstd')}:tag`, `oci:${at('skopeo-zstd')}:tag`, [
      '--dest-compress-format',
      'zstd',
      '--dest-compress',
    ]),
    podman('docker-archive', at('podman.docker.tar'), `docker-archive:${at('podman.docker.tar')}`),
    podman('oci-archive', at('podman.oci.tar'), `oci-archive:${at('podman.oci.tar')}`),
    podman('oci-dir', at('podman-dir'), `oci:${at('podman-dir')}`),
    buildah(`oci:${at('buildah')}:tag`),
    buildah(`oci-archive:${at('buildah.oci.tar')}:tag`),
    buildah(`docker-archive:${at('buildah.docker.tar')}:buildah:1`),
    {
      tool: 'docker',
      command: ['save', '-o', at('docker.tar'), 'rich:1'],
      place: `docker-archive:${at('docker.tar')}`,
    },
  ];
}

interface ReadBack {
  readonly writing: Writing;
  readonly image: Image;
  readonly number: number;
}

async function readsBack(lab: Lab, tools: Tools, { writing, image, number }: ReadBack): Promise<void> {
  tools[writing.tool](...writing.command);
  const folder = lab.path(`back-${number}`);
  tools.osless('copy', writing.place, `oci:${folder}:back`);
  const back = await openImage({ kind: 'oci', path: folder, tag: 'back' }, { store: await openLayout(folder) });
  expectSame(digestOf(image.config.raw), digestOf(back.config.raw), 'config');
  expectSame(image.config.value.diffIds, back.config.value.diffIds, 'layers');
  expectSame([], await validate(back), 'faults in the copy');
  if (writing.place.startsWith('docker-archive:') || !tools.there.has('skopeo')) return;
  const theirs = digestOf(tools.skopeo('inspect', '--raw', writing.place));
  expectSame(back.digest, theirs, 'manifest');
}
