import type { Image } from '../../../src/image/index.ts';
import { digestOf } from '../../../src/kit/index.ts';
import { expectSame, type Lab } from './lab.ts';
import type { Tools } from './tools.ts';

/** A place that osless wrote, as skopeo, podman and buildah call it. */
interface Written {
  readonly name: string;
  readonly reference: string;
  /** Whether the manifest stands there as it is. */
  readonly keepsManifest: boolean;
}

const imageName = 'docker.io/library/rich:1';

/** Writes `image` to every place, and lets each tool read each of them. */
export async function othersReadOurs(lab: Lab, tools: Tools, image: Image): Promise<void> {
  console.log('-- others read what we write');
  await lab.check('osless brings the layout into its store and writes it to every place', () => {
    tools.osless('copy', `oci:${lab.path('rich')}:latest`, 'rich:1');
    tools.osless('copy', 'rich:1', `oci:${lab.path('ours')}:tag`);
    tools.osless('copy', 'rich:1', `oci-archive:${lab.path('ours.oci.tar')}:tag`);
    tools.osless('copy', 'rich:1', `docker-archive:${lab.path('ours.docker.tar')}`);
    tools.osless('copy', 'rich:1', `oci:${lab.path('ours-zstd')}:tag`, '--compress', 'zstd');
  });
  const places: Written[] = [
    { name: 'layout', reference: `oci:${lab.path('ours')}:tag`, keepsManifest: true },
    { name: 'OCI archive', reference: `oci-archive:${lab.path('ours.oci.tar')}:tag`, keepsManifest: true },
    { name: 'store', reference: `oci:${lab.path('store')}:${imageName}`, keepsManifest: true },
    {
      name: 'docker archive',
      reference: `docker-archive:${lab.path('ours.docker.tar')}:${imageName}`,
      keepsManifest: false,
    },
    { name: 'layout of zstd layers', reference: `oci:${lab.path('ours-zstd')}:tag`, keepsManifest: false },
  ];
  for (const place of places) await skopeoReads(lab, tools, place, image);
  for (const tool of ['podman', 'buildah'] as const) {
    for (const place of places) await pulls(lab, tools, { tool, place, image });
  }
  await umociReads(lab, tools, image);
  await podmanLoads(lab, tools, image);
  await dockerLoads(lab, tools, image);
}

const configOf = (image: Image): string => digestOf(image.config.raw);

async function skopeoReads(
  lab: Lab,
  tools: Tools,
  { name, reference, keepsManifest }: Written,
  image: Image,
): Promise<void> {
  const says = `skopeo reads our ${name}: same ${keepsManifest ? 'manifest, ' : ''}config, every blob`;
  if (!tools.there.has('skopeo')) return lab.skip(says, 'skopeo is not installed');
  await lab.check(says, () => {
    if (keepsManifest) expectSame(image.digest, digestOf(tools.skopeo('inspect', '--raw', reference)), 'manifest');
    expectSame(configOf(image), digestOf(tools.skopeo('inspect', '--config', '--raw', reference)), 'config');
    tools.skopeo('copy', reference, `dir:${lab.path(`skopeo-${name.replaceAll(' ', '-')}`)}`);
  });
}

interface Pull {
  readonly tool: 'podman' | 'buildah';
  readonly place: Written;
  readonly image: Image;
}

async function pulls(lab: Lab, tools: Tools, { tool, place, image }: Pull): Promise<void> {
  const says = `${tool} pulls from our ${place.name}: same image id`;
  if (!tools.there.has(tool)) return lab.skip(says, `${tool} is not installed, or this is not root`);
  await lab.check(says, () => {
    const id = tools[tool]('pull', '--quiet', place.reference).toString().trim();
    expectSame(configOf(image), `sha256:${id}`, 'image id');
    tools[tool]('rmi', '--force', id);
  });
}

async function umociReads(lab: Lab, tools: Tools, image: Image): Promise<void> {
  for (const [name, folder, tag] of [
    ['layout', 'ours', 'tag'],
    ['store', 'store', imageName],
  ] as const) {
    const says = `umoci reads our ${name}: its tags, its layers`;
    if (!tools.there.has('umoci')) lab.skip(says, 'umoci is not installed, or this is not root');
    else {
      await lab.check(says, () => {
        const tags = tools.umoci('list', '--layout', lab.path(folder)).toString().trim().split('\n');
        if (!tags.includes(tag)) throw new Error(`umoci finds ${tags}`);
        const { history } = JSON.parse(
          tools.umoci('stat', '--image', `${lab.path(folder)}:${tag}`, '--json').toString(),
        );
        const layers = history.filter((entry: { empty_layer: boolean }) => !entry.empty_layer);
        const digests = layers.map((entry: { layer: { digest: string } }) => entry.layer.digest);
        expectSame(
          image.layers.map(({ descriptor }) => descriptor.digest),
          digests,
          'layers',
        );
      });
    }
  }
}

async function podmanLoads(lab: Lab, tools: Tools, image: Image): Promise<void> {
  for (const file of ['ours.docker.tar', 'ours.oci.tar']) {
    const says = `podman loads our ${file}: same image id`;
    if (!tools.there.has('podman')) lab.skip(says, 'podman is not installed, or this is not root');
    else {
      await lab.check(says, () => {
        tools.podman('load', '--quiet', '-i', lab.path(file));
        const ids = tools.podman('images', '--no-trunc', '--quiet').toString().trim().split('\n');
        expectSame([configOf(image)], [...new Set(ids)], 'image id');
        tools.podman('rmi', '--all', '--force');
      });
    }
  }
}

async function dockerLoads(lab: Lab, tools: Tools, image: Image): Promise<void> {
  const ways: [string, () => void][] = [
    ['our docker archive', () => tools.docker('load', '--input', lab.path('ours.docker.tar'))],
    ['what osless save gives', () => tools.docker('load', '--input', save())],
  ];
  const save = (): string => {
    tools.osless('save', '-o', lab.path('saved.tar'), 'rich:1');
    return lab.path('saved.tar');
  };
  for (const [name, load] of ways) {
    const says = `docker loads ${name}: same image id, same layers, same name`;
    if (!tools.there.has('docker')) lab.skip(says, 'no docker daemon could be started');
    else {
      await lab.check(says, () => {
        load();
        const [seen] = JSON.parse(tools.docker('image', 'inspect', 'rich:1').toString());
        expectSame(configOf(image), seen.Id, 'image id');
        expectSame(image.config.value.diffIds, seen.RootFS.Layers, 'layers');
        tools.docker('rmi', '--force', 'rich:1');
      });
    }
  }
}
