import { openStore } from '../../content/index.ts';
import { loadArchive } from '../../jobs/images/index.ts';
import { command } from '../command.ts';
import { formatJson } from '../json.ts';
import { UsageError } from '../usage.ts';

export default command({
  name: 'load',
  summary: 'Read images from a docker or OCI archive into the local store.',
  operands: [],
  flags: { input: { type: 'string', short: 'i', value: 'FILE', help: 'read it from there instead of standard input' } },
  json: true,
  examples: [['docker save app | osless load', "take an image from docker's store"]],
  async run({ flags, out, stdin, stdinIsTerminal, signal, storeDir }) {
    if (flags.input === undefined && stdinIsTerminal) {
      throw new UsageError('there is no archive on a terminal; use --input FILE or a pipe');
    }
    const file = flags.input?.slice(flags.input.lastIndexOf('/') + 1) ?? 'loaded';
    const options = {
      store: await openStore(storeDir),
      signal,
      baseName: file.replace(/(\.[a-z0-9]{1,4}){1,2}$/i, ''),
    };
    const images = await loadArchive(flags.input ?? stdin, options);
    if (flags.json) out(formatJson({ schema: 'osless.load/1', images }));
    else out(images.map(({ name }) => `Loaded image: ${name}`).join('\n'));
    return 0;
  },
});
