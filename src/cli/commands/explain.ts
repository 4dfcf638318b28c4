import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parsePlatform } from '../../formats/oci/index.ts';
import {
  allRules,
  type ExplainAllSummary,
  type ExplainOptions,
  type ExplainSummary,
  explain,
  explainAll,
  type Overrides,
} from '../../jobs/explain/index.ts';
import { Fault } from '../../kit/index.ts';
import {
  type Dockerfile,
  explainGithub,
  explainMarkdown,
  explainSarif,
  explainText,
  printable,
  rulesText,
} from '../../report/index.ts';
import { type Call, command } from '../command.ts';
import { machineCpuFlags } from '../cpu.ts';
import type { Flags } from '../flags.ts';
import { formatJson } from '../json.ts';
import { machinePlatform } from '../machine.ts';
import { openStoreToRead } from '../store-to-read.ts';
import { looksOf } from '../terminal.ts';
import { UsageError } from '../usage.ts';
import { version } from '../version.ts';
import { wordsOf } from '../words.ts';

const operands = ['[PLACE|PROGRAM]', '[ARG...]'] as const;
const formats = ['text', 'json', 'markdown', 'sarif', 'github'] as const;

const flags = {
  in: { type: 'string', value: 'PLACE', help: 'for a program: would it start among the files of this image' },
  platform: {
    type: 'string',
    value: 'OS/ARCH[/VARIANT]',
    help: 'which image of an index, and the machine to judge for',
  },
  'all-platforms': { type: 'boolean', help: 'judge each image of an index, for its own machine' },
  entrypoint: { type: 'string', value: 'PROGRAM', help: "instead of the image's Entrypoint and Cmd, or a JSON list" },
  cmd: { type: 'string', value: 'WORDS', help: "instead of the image's Cmd; the same as ARG..." },
  user: { type: 'string', short: 'u', value: 'USER[:GROUP]', help: 'the user who runs the program' },
  env: { type: 'strings', short: 'e', value: 'NAME[=VALUE]', help: 'set an environment variable, or pass ours on' },
  workdir: { type: 'string', short: 'w', value: 'DIR', help: 'the working directory' },
  format: {
    type: 'string',
    value: formats.join('|'),
    choices: formats,
    help: 'the report as text (default), for a program, a comment, a code scanner, or a workflow',
  },
  dockerfile: { type: 'string', value: 'FILE', help: 'what sarif and github point at' },
  rules: { type: 'boolean', help: 'list what is looked for, with a sentence each' },
} as const satisfies Flags;

type ExplainCall = Call<typeof operands, typeof flags>;

export default command({
  name: 'explain',
  summary: 'Tell whether an image holds an operating system, whether its program starts, and if not, why.',
  operands,
  flags,
  json: true,
  examples: [
    ['osless explain docker-archive:app.tar', 'see whether an image will start, and why not'],
    ['osless explain ./app --in docker-archive:alpine.tar', 'see whether a program would start in that image'],
    ['osless explain oci:app --user 65532 --entrypoint /app', 'judge it as docker run with these flags would start it'],
    ['docker save app | osless explain -', "ask about an image of docker's store"],
    [
      'osless explain app --format github --dockerfile Dockerfile',
      'annotate the lines that are to blame in a workflow',
    ],
  ],
  async run(call) {
    const [subject, args] = call.operands;
    if (call.flags.rules) return listRules(call);
    if (subject === undefined) throw new UsageError('PLACE|PROGRAM is missing');
    if (subject === '-' && call.stdinIsTerminal) throw new UsageError('there is no archive on a terminal; use a pipe');
    const format = formatOf(call.flags);
    const options = await optionsOf(call, args);
    if (call.flags['all-platforms']) return tell(call, format, await explainAll(subject, options));
    return tell(call, format, await explain(subject, options));
  },
});

function formatOf({ json, format }: ExplainCall['flags']): string {
  if (json && format !== undefined && format !== 'json')
    throw new UsageError(`--json and --format ${format} exclude each other`);
  return json ? 'json' : (format ?? 'text');
}

async function optionsOf(call: ExplainCall, args: readonly string[]): Promise<ExplainOptions> {
  const { flags: given, cwd, stdin, signal, progress } = call;
  if (given['all-platforms'] && given.platform !== undefined) {
    throw new UsageError('--platform and --all-platforms exclude each other');
  }
  const cpuFlags = machineCpuFlags();
  return {
    ...{ store: await openStoreToRead(call.storeDir), cwd, stdin, signal, onProgress: progress },
    ...{ machine: machinePlatform, overrides: overridesOf(call, args) },
    ...(cpuFlags !== undefined && { cpuFlags }),
    ...(given.platform !== undefined && { platform: parsePlatform(given.platform) }),
    ...(given.in !== undefined && { in: given.in }),
  };
}

function overridesOf({ flags: given, env }: ExplainCall, args: readonly string[]): Overrides {
  if (given.cmd !== undefined && args.length > 0) throw new UsageError('--cmd and ARG... exclude each other');
  const cmd = given.cmd === undefined ? args : wordsOf('--cmd', given.cmd);
  return {
    ...(given.entrypoint !== undefined && { entrypoint: entrypointOf(given.entrypoint) }),
    ...((given.cmd !== undefined || args.length > 0) && { cmd }),
    ...(given.user !== undefined && { user: given.user }),
    ...(given.workdir !== undefined && { workingDir: given.workdir }),
    env: given.env.map((entry) => (entry.includes('=') || env[entry] === undefined ? entry : `${entry}=${env[entry]}`)),
  };
}

/** One word, as docker takes it, or a JSON list, as podman does. */
const entrypointOf = (text: string): string[] => (text.startsWith('[') ? wordsOf('--entrypoint', text) : [text]);

async function tell(call: ExplainCall, format: string, result: ExplainSummary | ExplainAllSummary): Promise<number> {
  const summaries = 'images' in result ? result.images : [result];
  call.out(format === 'json' ? formatJson(result) : await reportOf(call, format, summaries));
  for (const { place, platform, entrypoint } of summaries) {
    if (entrypoint.starts !== 'unknown') continue;
    call.note(
      `warning: it cannot be told whether ${printable(place)} (${printable(platform)}) starts: ${printable(entrypoint.says)}`,
    );
  }
  return summaries.some(({ entrypoint }) => entrypoint.starts === 'no') ? 1 : 0;
}

async function reportOf(call: ExplainCall, format: string, summaries: readonly ExplainSummary[]): Promise<string> {
  const dockerfile = dockerfileOf(call);
  if (format === 'github') return explainGithub(summaries, dockerfile);
  if (format === 'markdown') return explainMarkdown(summaries);
  if (format === 'sarif') return formatJson(explainSarif(summaries, { version, rules: await allRules(), dockerfile }));
  const looks = looksOf(call);
  return summaries.map((summary) => explainText(summary, looks)).join('\n');
}

/** @throws {Fault} FILE_NOT_FOUND */
function dockerfileOf({ flags: { dockerfile: path }, cwd }: ExplainCall): Dockerfile | undefined {
  if (path === undefined) return undefined;
  try {
    return { path, text: readFileSync(resolve(cwd, path), 'utf8') };
  } catch (cause) {
    throw new Fault('FILE_NOT_FOUND', `${path} cannot be read`, { hint: 'Give --dockerfile a readable file.', cause });
  }
}

async function listRules({ out, flags: given }: ExplainCall): Promise<number> {
  const rules = (await allRules()).map(({ code, severity, title }) => ({ code, severity, title }));
  if (formatOf(given) === 'json') out(formatJson({ schema: 'osless.rules/1', rules }));
  else out(rulesText(rules));
  return 0;
}
