import { existsSync } from 'node:fs';
import { openStore } from '../../content/index.ts';
import { removeImages } from '../../jobs/images/index.ts';
import { formatSize } from '../../kit/index.ts';
import { removeUnusedRoots } from '../../sandbox/index.ts';
import { command } from '../command.ts';

export default command({
  name: 'rmi',
  summary: 'Remove images from the local store.',
  operands: ['IMAGE...'],
  flags: {},
  async run({ operands: [images], out, note, storeDir }) {
    const removal = await removeImages(await openStore(storeDir), images);
    removeUnusedRoots(`${storeDir}/osless`, (hex) => existsSync(`${storeDir}/blobs/sha256/${hex}`));
    out(removal.untagged.map((name) => `Untagged: ${name}`).join('\n'));
    note(`${formatSize(removal.freedBytes)} freed`);
    return 0;
  },
});
