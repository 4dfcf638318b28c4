import { openStore } from '../../content/index.ts';
import { parsePlatform } from '../../formats/oci/index.ts';
import { saveImage } from '../../image/index.ts';
import { type PackSummary, type ProcessPatch, pack } from '../../jobs/pack/index.ts';
import { Fault } from '../../kit/index.ts';
import { packText, whyText } from '../../report/index.ts';
import { type Call, command } from '../command.ts';
import type { Flags } from '../flags.ts';
import { formatJson } from '../json.ts';
import { machinePlatform } from '../machine.ts';
import { sourceDateEpoch } from '../time.ts';
import { wordsOf } from '../words.ts';

const operands = ['PROGRAM', '[ARG...]'] as const;

const flags = {
  tag: { type: 'strings', short: 't', value: 'NAME', help: 'name in the local store (default: the name of PROGRAM)' },
  output: { type: 'strings', short: 'o', value: 'PLACE', help: 'where the image goes instead, such as oci:DIR' },
  from: { type: 'string', value: 'PLACE', default: 'rootfs:/', help: 'where the program and its files come from' },
  keep: {
    type: 'string',
    value: 'LEVEL',
    default: 'likely',
    choices: ['needed', 'likely', 'possible'],
    help: 'how sure it must be that a file is read: needed, likely or possible',
  },
  include: { type: 'strings', value: 'PATH', help: 'a file or directory that comes along with all it needs' },
  exclude: { type: 'strings', value: 'GLOB', help: 'files that stay out; * within a name, ** across directories' },
  base: { type: 'string', value: 'PLACE', help: 'an image or root file system to stand on' },
  env: { type: 'strings', short: 'e', value: 'NAME=VALUE', help: 'an environment variable of the image' },
  user: { type: 'string', short: 'u', value: 'USER[:GROUP]', help: 'the user who runs the program' },
  workdir: { type: 'string', short: 'w', value: 'DIR', help: 'the working directory' },
  expose: { type: 'strings', value: 'PORT', help: 'a port that the program listens on, such as 53/udp' },
  label: { type: 'strings', short: 'l', value: 'NAME=VALUE', help: 'a label of the image' },
  volume: { type: 'strings', value: 'DIR', help: 'a directory whose files outlive the container' },
  entrypoint: { type: 'string', value: 'WORDS', help: 'instead of the path of PROGRAM' },
  cmd: { type: 'string', value: 'WORDS', help: 'instead of ARG...' },
  'stop-signal': { type: 'string', value: 'SIGNAL', help: 'the signal that asks the program to end' },
  platform: { type: 'string', value: 'OS/ARCH[/VARIANT]', help: 'which image of an index --from and --base mean' },
  verify: { type: 'optional', value: 'WORDS', help: 'run the program with these arguments in both trees, and compare' },
  why: { type: 'optional', value: 'PATH', help: 'explain why each file comes along, or one' },
  'dry-run': { type: 'boolean', help: 'tell what would be packed, and write nothing' },
  force: { type: 'boolean', help: 'keep the image although the program cannot start in it' },
} as const satisfies Flags;

type PackCall = Call<typeof operands, typeof flags>;

export default command({
  name: 'pack',
  summary: 'Put one program and exactly the files that it needs into an image.',
  operands,
  flags,
  json: true,
  examples: [
    ['osless pack curl', 'make the image curl:latest of the program curl'],
    ["osless pack nginx -t web -- -g 'daemon off;'", 'give the program arguments of its own'],
    ['osless pack ./server -o oci:out', 'write an OCI layout instead of naming it in the local store'],
    ['osless pack nginx --why', 'see the reason for each file'],
    ['osless pack redis-server --verify=--version', 'prove that it behaves the same in the image'],
  ],
  async run(call) {
    const {
      operands: [program, args],
      flags: given,
      out,
    } = call;
    const places = placesFor(program, given);
    const store = await openStore(call.storeDir);
    const platform = given.platform === undefined ? machinePlatform : parsePlatform(given.platform);
    const { image, summary } = await pack(program, {
      ...{ store, platform, args, cwd: call.cwd, stdin: call.stdin, signal: call.signal, onProgress: call.progress },
      ...{ from: given.from, keep: given.keep as 'likely', include: given.include, exclude: given.exclude },
      ...(given.base === undefined ? {} : { base: given.base }),
      ...{ process: patchOf(call), timeSeconds: sourceDateEpoch(call.env), force: given.force },
      ...{ dryRun: places.length === 0, verify: verifyArgs(given.verify, args) },
      sandbox: { stateDir: `${call.storeDir}/osless`, path: call.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin' },
    });
    const saving = { store, signal: call.signal, stdout: call.outBytes };
    for (const place of places) if (image !== undefined) await saveImage(image, place, saving);
    const text = textFor(summary, call, image === undefined ? [] : places);
    if (places.includes('-')) call.note(text);
    else out(text);
    return summary.verified.static.starts === 'no' || summary.verified.ran?.same === false ? 1 : 0;
  },
});

/** Where the image is kept: nowhere when only a question was asked. */
function placesFor(program: string, given: PackCall['flags']): string[] {
  const asked = [...given.tag, ...given.output];
  if (given['dry-run']) return [];
  if (asked.length > 0 || given.why !== undefined) return asked;
  const name = program.slice(program.lastIndexOf('/') + 1).toLowerCase();
  return [name.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '') || 'program'];
}

function patchOf({ flags: given, env }: PackCall): ProcessPatch {
  return {
    env: given.env.map((entry) => (entry.includes('=') ? entry : `${entry}=${env[entry] ?? ''}`)),
    expose: given.expose,
    labels: given.label,
    volumes: given.volume,
    ...(given.user === undefined ? {} : { user: given.user }),
    ...(given.workdir === undefined ? {} : { workingDir: given.workdir }),
    ...(given.entrypoint === undefined ? {} : { entrypoint: wordsOf('--entrypoint', given.entrypoint) }),
    ...(given.cmd === undefined ? {} : { cmd: wordsOf('--cmd', given.cmd) }),
    ...(given['stop-signal'] === undefined ? {} : { stopSignal: given['stop-signal'] }),
  };
}

const verifyArgs = (given: string | true | undefined, args: readonly string[]): readonly string[] | undefined =>
  given === true ? args : given === undefined ? undefined : wordsOf('--verify', given);

function textFor(summary: PackSummary, { flags: given }: PackCall, places: readonly string[]): string {
  if (given.json) return formatJson(summary);
  if (given.why === undefined) return packText(summary, places);
  const text = whyText(summary, given.why === true ? undefined : given.why);
  if (text !== undefined) return text;
  throw new Fault('FILE_NOT_FOUND', `${given.why} is not among the files that ${summary.program} needs`, {
    hint: 'osless pack --why without a path lists them all; --include takes a file along.',
  });
}
