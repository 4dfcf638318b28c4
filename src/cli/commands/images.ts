import { openStore } from '../../content/index.ts';
import { list } from '../../jobs/images/index.ts';
import { imagesText } from '../../report/index.ts';
import { command } from '../command.ts';
import { formatJson } from '../json.ts';

export default command({
  name: 'images',
  summary: 'List the images of the local store.',
  operands: ['[NAME]'],
  flags: {
    quiet: { type: 'boolean', short: 'q', help: 'print only image ids' },
    'no-trunc': { type: 'boolean', help: 'print ids and digests in full' },
  },
  json: true,
  async run({ operands: [filter], flags, out, note, storeDir }) {
    const { images, problems } = await list(await openStore(storeDir), filter);
    for (const text of problems) note(text);
    if (flags.json) out(formatJson({ schema: 'osless.images/1', images }));
    else out(imagesText(images, { nowSeconds: Date.now() / 1000, idsOnly: flags.quiet, isFull: flags['no-trunc'] }));
    return problems.length === 0 ? 0 : 1;
  },
});
