import { openStore } from '../../content/index.ts';
import { parsePlatform } from '../../formats/oci/index.ts';
import { saveArchive } from '../../jobs/images/index.ts';
import { command } from '../command.ts';
import { machinePlatform } from '../machine.ts';
import { UsageError } from '../usage.ts';

export default command({
  name: 'save',
  summary: 'Write images of the local store to an archive that docker load reads.',
  operands: ['IMAGE...'],
  flags: {
    output: { type: 'string', short: 'o', value: 'FILE', help: 'write there instead of to standard output' },
    format: {
      type: 'string',
      value: 'FORMAT',
      default: 'docker-archive',
      choices: ['docker-archive', 'oci-archive'],
      help: 'docker-archive, or oci-archive, which needs --output',
    },
    platform: { type: 'string', value: 'OS/ARCH[/VARIANT]', help: 'which image of an index is meant' },
  },
  examples: [
    ['osless save web | docker load', 'give an image to docker'],
    ['osless save -o web.tar web', 'write it to a file'],
  ],
  async run({ operands: [names], flags, outBytes, stdoutIsTerminal, signal, storeDir }) {
    const format = flags.format === 'oci-archive' ? 'oci-archive' : 'docker-archive';
    if (flags.output === undefined && format === 'oci-archive')
      throw new UsageError('--format oci-archive needs --output');
    if (flags.output === undefined && stdoutIsTerminal) {
      throw new UsageError('an archive does not belong on a terminal; use --output FILE or a pipe');
    }
    const platform = flags.platform === undefined ? machinePlatform : parsePlatform(flags.platform);
    const target = { format, path: flags.output, stdout: outBytes } as const;
    await saveArchive(names, target, { store: await openStore(storeDir), platform, signal });
    return 0;
  },
});
