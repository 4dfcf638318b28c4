import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

/** The house, ground floor first. A room may import from floors below its own, never sideways. */
const floors = [
  ['kit'],
  ['formats'],
  ['content'],
  ['image'],
  ['rootfs'],
  ['facts', 'sandbox'],
  ['jobs'],
  ['report'],
  ['cli', 'web'],
];
const floorOf = new Map(floors.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)));
const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
);
const sourceOf = (file: string) => readFileSync(`src/${file}`, 'utf8');
const importsOf = (file: string) =>
  [...sourceOf(file).matchAll(/(?:from|import\() ?'([^']+)'/g)].map(([, target = '']) => target);

describe('the house', () => {
  it('lets a room import only the doors of rooms on lower floors', () => {
    const wrong: string[] = [];
    for (const file of files) {
      const room = file.split('/')[0] ?? '';
      if (!file.includes('/')) continue;
      for (const target of importsOf(file)) {
        const [, up = '', other = '', rest = ''] = /^((?:\.\.\/)+)([a-z]+)\/(.+)$/.exec(target) ?? [];
        if (up.length / 3 !== file.split('/').length - 1) continue;
        const down = (floorOf.get(other) ?? 99) < (floorOf.get(room) ?? -1);
        const throughDoor = /^([a-z-]+\/)?index\.ts$/.test(rest);
        if (!down || !throughDoor) wrong.push(`${file} -> ${target}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('keeps formats, facts and report away from the world', () => {
    const allowed = new Set(['formats/compress/gzip.ts', 'formats/compress/zstd.ts']);
    const wrong = files
      .filter((file) => /^(formats|facts|report)\//.test(file) && !allowed.has(file))
      .filter((file) => importsOf(file).some((target) => target.startsWith('node:')));
    assert.deepEqual(wrong, []);
  });

  it('reads the environment, the clock and the working directory only in cli', () => {
    const wrong = files
      .filter((file) => !file.startsWith('cli/'))
      .filter((file) => /process\.(env|cwd|argv)|Date\.now\(|new Date\(\)/.test(sourceOf(file)));
    assert.deepEqual(wrong, []);
  });

  it('lets no job import another job', () => {
    const wrong = files
      .filter((file) => file.startsWith('jobs/') && file !== 'jobs/index.ts')
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => target.startsWith('.'))
          .filter((target) => {
            const [room, job] = join(dirname(file), target).split('/');
            return room === 'jobs' && job !== file.split('/')[1];
          })
          .map((target) => `${file} -> ${target}`),
      );
    assert.deepEqual(wrong, []);
  });
});
