import { parsePlatform } from '../../formats/oci/index.ts';
import { type LddOptions, ldd } from '../../jobs/ldd/index.ts';
import { lddText, printable } from '../../report/index.ts';
import { type Call, command } from '../command.ts';
import type { Flags } from '../flags.ts';
import { formatJson } from '../json.ts';
import { machinePlatform } from '../machine.ts';
import { openStoreToRead } from '../store-to-read.ts';
import { UsageError } from '../usage.ts';

const operands = ['PLACE|PROGRAM', '[PATH]'] as const;

const flags = {
  in: { type: 'string', value: 'PLACE', help: 'for a program: what it would load among the files of this image' },
  platform: { type: 'string', value: 'OS/ARCH[/VARIANT]', help: 'which image of an index' },
  env: {
    type: 'strings',
    short: 'e',
    value: 'NAME[=VALUE]',
    help: 'set LD_LIBRARY_PATH and the like, or pass ours on',
  },
  verbose: { type: 'boolean', short: 'v', help: 'tell why each library is found where it is, and symbol versions' },
} as const satisfies Flags;

type LddCall = Call<typeof operands, typeof flags>;

export default command({
  name: 'ldd',
  summary: 'Print the libraries that a program is loaded with, in the form of ldd, for any machine.',
  operands,
  flags,
  json: true,
  examples: [
    ['osless ldd /usr/bin/curl', 'print what ldd prints, and execute nothing'],
    ['osless ldd docker-archive:app.tar /usr/sbin/nginx', 'ask about a file of an image, for whatever machine it is'],
    ['osless ldd ./app --in oci:alpine', 'see which libraries are missing in that image'],
    ['osless ldd -v ./app', 'see why each library is found where it is'],
    ['osless ldd app.exe', 'print the DLLs that a Windows program imports'],
  ],
  async run(call) {
    const [subject] = call.operands;
    if (subject === '-' && call.stdinIsTerminal) throw new UsageError('there is no archive on a terminal; use a pipe');
    const summary = await ldd(subject, await optionsOf(call));
    for (const { path, interpreter } of summary.scripts) {
      call.note(`${printable(path)} is a script for ${printable(interpreter)}`);
    }
    call.out(call.flags.json ? formatJson(summary) : lddText(summary, { verbose: call.flags.verbose }));
    return summary.isComplete ? 0 : 1;
  },
});

async function optionsOf({ operands: [, path], flags: given, ...world }: LddCall): Promise<LddOptions> {
  const { cwd, stdin, signal, progress, storeDir, env } = world;
  return {
    ...{ store: await openStoreToRead(storeDir), machine: machinePlatform, cwd, stdin, signal, onProgress: progress },
    ...(given.platform !== undefined && { platform: parsePlatform(given.platform) }),
    ...(given.in !== undefined && { in: given.in }),
    ...(path !== undefined && { path }),
    env: given.env.map((entry) => (entry.includes('=') || env[entry] === undefined ? entry : `${entry}=${env[entry]}`)),
    ownEnv: ['LD_LIBRARY_PATH', 'LD_PRELOAD'].flatMap((name) => (env[name] ? [`${name}=${env[name]}`] : [])),
  };
}
