// How long `osless --version` takes beside `node -e 0`: the promise is 1.2 times.
import { alternate, report } from './clock.ts';

const cli = process.env['OSLESS_CLI'] ?? 'dist/cli/main.js';
const commands = {
  'node -e 0': [process.execPath, '-e', '0'],
  'osless --version': [process.execPath, cli, '--version'],
} as const;

report(alternate(commands, { rounds: Number(process.argv[2] ?? 41) }), { beside: 'node -e 0' });
