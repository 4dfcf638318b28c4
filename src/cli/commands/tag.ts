import { openStore } from '../../content/index.ts';
import { tagImage } from '../../jobs/images/index.ts';
import { command } from '../command.ts';

export default command({
  name: 'tag',
  summary: 'Give an image of the local store another name.',
  operands: ['SOURCE', 'TARGET'],
  flags: {},
  examples: [['osless tag web registry.example/me/web:1.0', 'name an image as a registry will know it']],
  async run({ operands: [source, target], storeDir }) {
    await tagImage(await openStore(storeDir), { source, target });
    return 0;
  },
});
