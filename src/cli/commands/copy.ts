import { openStore } from '../../content/index.ts';
import { parsePlatform } from '../../formats/oci/index.ts';
import { copy } from '../../jobs/copy/index.ts';
import { command } from '../command.ts';
import { machinePlatform } from '../machine.ts';
import { UsageError } from '../usage.ts';

export default command({
  name: 'copy',
  summary: 'Copy an image from one place to another.',
  operands: ['PLACE', 'PLACE'],
  flags: {
    platform: { type: 'string', value: 'OS/ARCH[/VARIANT]', help: 'copy only this image of an index' },
    compress: {
      type: 'string',
      value: 'gzip|zstd|none',
      choices: ['gzip', 'zstd', 'none'],
      help: 'what layers become',
    },
  },
  examples: [
    ['osless copy web oci:web-layout', 'write an OCI layout'],
    ['osless copy docker-archive:app.tar app', 'bring an image in under another name'],
    ['osless copy web rootfs:web-files', "unpack an image's files"],
  ],
  async run({ operands: [from, to], flags, outBytes, stdoutIsTerminal, stdin, signal, storeDir }) {
    if (to === '-' && stdoutIsTerminal) {
      throw new UsageError('an archive does not belong on a terminal; use a pipe');
    }
    await copy(from, to, {
      ...{ store: await openStore(storeDir), machine: machinePlatform, stdin, stdout: outBytes, signal },
      ...(flags.platform === undefined ? {} : { platform: parsePlatform(flags.platform) }),
      ...(flags.compress === undefined ? {} : { compression: flags.compress as 'gzip' }),
    });
    return 0;
  },
});
