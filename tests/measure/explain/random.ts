import type { Case, CaseConfig } from './case.ts';
import { damage } from './damage.ts';
import { type Random, random } from './dice.ts';
import { touched } from './touched.ts';

/** Images that work, each with one thing changed at random; the same seed gives the same images. */
export function randomCases(good: readonly Case[], count: number, seed: number): Case[] {
  const sound = good.filter((made) => made.expect === null && made.service !== true && made.spoil === undefined);
  return Array.from({ length: count }, (_, index) => randomCase(sound, seed + index));
}

function randomCase(good: readonly Case[], seed: number): Case {
  const dice = random(seed);
  const from = dice.pick(good);
  const done: string[] = [];
  const config = dice.chance(0.3) ? changedConfig(from.config, dice, done) : from.config;
  const files = done.length === 0 || dice.chance(0.3);
  const name = () => `random/${seed}/${from.name}: ${done.join('; ')}`;
  const changes = [
    ...(from.change ?? []),
    async (root: Parameters<NonNullable<Case['change']>[number]>[0]) => {
      if (files) done.push(await damage(root, await touched(root, from), dice));
    },
  ];
  return {
    ...from,
    get name() {
      return name();
    },
    change: changes,
    config,
    expect: null,
  };
}

function changedConfig(config: CaseConfig, dice: Random, done: string[]): CaseConfig {
  const patch = dice.pick<() => CaseConfig>([
    () => ({
      User: dice.pick([
        '1000',
        'nobody',
        '65534:0',
        '0:0',
        'root',
        'ghost',
        '1000:ghost',
        'app',
        '4294967296',
        ':0',
        'root:',
      ]),
    }),
    () => ({
      WorkingDir: dice.pick(['/', '/tmp', '/none/x', 'tmp', '/etc/passwd', '/proc', '/root', '/dev/x', '//tmp/../usr']),
    }),
    () => ({
      Env: [
        ...(config.Env ?? []),
        dice.pick([
          'PATH=/bin',
          'PATH=',
          'PATH=/usr/bin:/bin:.',
          'PATH=:/bin',
          'PATH=/none',
          'LD_LIBRARY_PATH=/tmp',
          'LD_PRELOAD=libm.so.6',
          'LD_BIND_NOW=1',
          'LANG=xx',
          'X',
          'PATH=/sbin/:/usr//bin',
          'PYTHONHOME=/x',
          'LD_LIBRARY_PATH=',
          'LD_PRELOAD=/etc/passwd',
        ]),
      ],
    }),
    () => ({
      Entrypoint: [
        '/bin/sh',
        '-c',
        ['exec', ...(config.Entrypoint ?? []), ...(config.Cmd ?? [])].map(quoted).join(' '),
      ],
      Cmd: [],
    }),
    () => ({
      Entrypoint: [
        dice.pick(['env', '/usr/bin/env', 'tini', '/usr/bin/tini']),
        ...dice.pick([[], ['--']]),
        ...(config.Entrypoint ?? []),
      ],
    }),
    () => ({ Entrypoint: config.Entrypoint ?? [], Cmd: (config.Cmd ?? []).slice(1) }),
    () => ({
      Entrypoint: (config.Entrypoint ?? []).map((word, index) =>
        index === 0
          ? dice.pick([
              `./${word}`,
              word.slice(word.lastIndexOf('/') + 1),
              `${word}/`,
              `/${word}`,
              `${word} `,
              `/usr/../${word}`,
            ])
          : word,
      ),
    }),
    () => ({ Entrypoint: [''] }),
  ])();
  done.push(`config ${JSON.stringify(patch)}`);
  return { ...config, ...patch };
}

const quoted = (word: string): string => (/^[\w./=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
