import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { glibcFiles, glibcProgram, judgedBy, type SceneParts, staticProgram } from '../../../../../tests/make/scene.ts';
import { lateTzdataMissing } from './late-tzdata-missing.ts';

const judge = (parts: SceneParts) => judgedBy(lateTzdataMissing, parts);
const clock = { ...glibcFiles(), '/app': glibcProgram({ imports: ['localtime_r', 'strftime'] }) };
const withZone = (zone: string, files: SceneParts['files'] = clock): SceneParts => ({
  files,
  config: { env: [`TZ=${zone}`] },
});
const go = { module: { path: 'example.org/app', version: '' } };
const loads = (...names: string[]) => ({
  '/app': staticProgram({ strings: ['xtime: invalid location namey', ...names] }),
});

describe('late-tzdata-missing', () => {
  it('speaks of a zone in TZ that has no file', async () => {
    const [found, ...others] = await judge(withZone('Europe/Berlin'));
    assert.equal(found?.severity, 'degrades');
    assert.deepEqual(found?.missing, ['/usr/share/zoneinfo/Europe/Berlin']);
    assert.equal(others.length, 0);
  });

  it('is silent where the file is there, and about zones that need none', async () => {
    const files = { ...clock, '/usr/share/zoneinfo/Europe/Berlin': 'TZif2' };
    assert.deepEqual(await judge(withZone('Europe/Berlin', files)), []);
    assert.deepEqual(await judge(withZone(':Europe/Berlin', files)), []);
    for (const zone of ['UTC', 'Etc/UTC', 'GMT', 'UTC0', 'EST5EDT', '<+03>-3', 'CET-1CEST,M3.5.0,M10.5.0/3', ''])
      assert.deepEqual(await judge(withZone(zone)), [], zone);
    assert.deepEqual(await judge({ files: clock }), []);
  });

  it('only notes it of a program that asks for no local time', async () => {
    const [found] = await judge(
      withZone('Europe/Berlin', { ...glibcFiles(), '/app': glibcProgram({ imports: ['puts'] }) }),
    );
    assert.equal(found?.severity, 'notes');
  });

  it('knows that Node has its own zones and Python has not', async () => {
    const run = async (name: string) => {
      const files = { ...glibcFiles(), [`/usr/bin/${name}`]: glibcProgram() };
      return (await judge({ files, config: { entrypoint: [name], env: ['TZ=Asia/Tokyo'] } })).map(
        ({ severity }) => severity,
      );
    };
    assert.deepEqual(await run('node'), []);
    assert.deepEqual(await run('python3'), ['degrades']);
  });

  it('reads the names of zones that a Go program loads', async () => {
    const [found] = await judge({ files: loads('base10Europe/Moscow/etc/zoneinfo'), go });
    assert.deepEqual(found?.missing, ['/usr/share/zoneinfo/Europe/Moscow']);
    const [cut] = await judge({ files: loads('America/New_Yorkbadger'), go });
    assert.deepEqual(cut?.missing, ['/usr/share/zoneinfo/America/New_York']);
    assert.deepEqual(await judge({ files: loads('no zones'), go }), []);
    const large = { ...go, dependencies: [{ path: 'example.org/cron', version: 'v1.0.0' }] };
    assert.equal((await judge({ files: loads('Europe/Moscow'), go: large }))[0]?.severity, 'notes');
  });

  it('is silent about a Go program with time/tzdata inside', async () => {
    const names = Intl.supportedValuesOf('timeZone').slice(0, 120);
    assert.deepEqual(
      await judge({ files: loads('Europe/Moscow', ...names), go, config: { env: ['TZ=Europe/Oslo'] } }),
      [],
    );
  });

  it('reads ZoneInfo in a Python script', async () => {
    const files = {
      ...glibcFiles(),
      '/usr/bin/python3': glibcProgram(),
      '/app.py': 'from zoneinfo import ZoneInfo\nprint(ZoneInfo("Europe/Moscow"))\n',
    };
    const config = { entrypoint: ['python3', '/app.py'] };
    const [found] = await judge({ files, config });
    assert.deepEqual(found?.missing, ['/usr/share/zoneinfo/Europe/Moscow']);
    const pip = { '/usr/local/lib/python3.12/site-packages/tzdata/__init__.py': '' };
    assert.deepEqual(await judge({ files: { ...files, ...pip }, config }), []);
    assert.deepEqual(await judge({ files: { ...files, '/usr/share/zoneinfo/Europe/Moscow': 'TZif2' }, config }), []);
  });
});
