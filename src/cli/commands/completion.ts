import { command } from '../command.ts';
import { completionScript } from '../completion.ts';
import { commandTable } from '../table.ts';
import { UsageError } from '../usage.ts';

export default command({
  name: 'completion',
  summary: 'Print a completion script for a shell.',
  operands: ['bash|zsh|fish'],
  flags: {},
  examples: [['source <(osless completion bash)', 'complete osless commands and flags in this shell']],
  async run({ operands: [shell], out }) {
    const loaded = await Promise.all(Object.values(commandTable).map(async ({ load }) => (await load()).default));
    const script = completionScript(shell, loaded);
    if (script === undefined) throw new UsageError(`'${shell}' is none of bash, zsh, fish`);
    out(script);
    return 0;
  },
});
