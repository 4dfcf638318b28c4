import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dlopenNote } from '../../../../../tests/make/elf-notes.ts';
import { pythonLibrary, rubyLibrary } from '../../../../../tests/make/runtimes.ts';
import {
  executable,
  glibcFiles,
  glibcProgram,
  judgedBy,
  type MadeFiles,
  makeScene,
  muslFiles,
  muslProgram,
  sharedLibrary,
} from '../../../../../tests/make/scene.ts';
import type { ProcessConfig } from '../../../../formats/oci/index.ts';
import { lateLibMissing } from './late-lib-missing.ts';

const libgcc = { '/usr/lib/x86_64-linux-gnu/libgcc_s.so.1': sharedLibrary('libgcc_s.so.1') };
const foundIn = async (files: MadeFiles, config: Partial<ProcessConfig> = {}) => {
  const found = await judgedBy(lateLibMissing, { files: { ...glibcFiles(), ...files }, config });
  return found.map(({ severity, missing = [], about }) => [severity, ...missing, about?.['subject']]);
};

describe('late-lib-missing says of libgcc_s', () => {
  it('that a program which ends threads by pthread_exit or cancels them aborts without it', async () => {
    for (const name of ['pthread_exit', 'pthread_cancel']) {
      const files = { '/app': glibcProgram({ imports: [name] }) };
      assert.deepEqual(await foundIn(files), [['degrades', 'libgcc_s.so.1', '/app']]);
    }
  });

  it('less of a library that might call it, of backtrace, and of programs that hardly ever call it', async () => {
    const library = { '/usr/lib/libx.so.1': sharedLibrary('libx.so.1', { imports: ['pthread_exit'] }) };
    const ofLibrary = await foundIn({ ...library, '/app': glibcProgram({ needs: ['libx.so.1', 'libc.so.6'] }) });
    assert.deepEqual(ofLibrary, [['notes', 'libgcc_s.so.1', '/usr/lib/libx.so.1']]);
    assert.deepEqual(await foundIn({ '/app': glibcProgram({ imports: ['backtrace'] }) }), [
      ['notes', 'libgcc_s.so.1', '/app'],
    ]);
    const nginx = { '/usr/sbin/nginx': glibcProgram({ imports: ['pthread_exit'] }) };
    assert.equal((await foundIn(nginx, { entrypoint: ['nginx'] }))[0]?.[0], 'notes');
  });

  it('nothing where it is there, where no thread ends so, and with musl', async () => {
    assert.deepEqual(await foundIn({ ...libgcc, '/app': glibcProgram({ imports: ['pthread_exit'] }) }), []);
    assert.deepEqual(await foundIn({ '/app': glibcProgram({ imports: ['pthread_create'] }) }), []);
    const files = { ...muslFiles, '/app': muslProgram({ imports: ['pthread_exit'] }) };
    assert.deepEqual(await judgedBy(lateLibMissing, { files }), []);
  });
});

describe('late-lib-missing says of libraries that a program opens', () => {
  const opener = (...strings: string[]) => glibcProgram({ imports: ['dlopen'], strings });

  it('that one which it names is not there', async () => {
    assert.deepEqual(await foundIn({ '/app': opener('libplug.so.2') }), [['degrades', 'libplug.so.2', '/app']]);
    const path = '/opt/app/plugins/one.so';
    assert.deepEqual(await foundIn({ '/app': opener(path) }), [['degrades', path, '/app']]);
  });

  it('that what it opens needs another that is not there', async () => {
    const plug = sharedLibrary('libplug.so.2', { needs: ['libother.so.1', 'libc.so.6'] });
    assert.deepEqual(await foundIn({ '/usr/lib/libplug.so.2': plug, '/app': opener('libplug.so.2') }), [
      ['degrades', 'libother.so.1', '/usr/lib/libplug.so.2'],
    ]);
  });

  it('nothing where one of several releases is there', async () => {
    const files = { '/usr/lib/libplug.so.2': sharedLibrary('libplug.so.2') };
    assert.deepEqual(await foundIn({ ...files, '/app': opener('libplug.so.3', 'libplug.so.2', 'libplug.so.1') }), []);
  });

  it('less where the program has several names to try, and none is there', async () => {
    const found = await foundIn({ '/app': opener('libplug.so.3', 'libplug.so.2') });
    assert.deepEqual(found, [['notes', 'libplug.so.3', '/app']]);
  });

  it('nothing of names that are no libraries, and of programs that open none', async () => {
    assert.deepEqual(await foundIn({ '/app': opener('libc.so', '/lib/ld64.so.1', 'lib%s.so.1', '.so') }), []);
    assert.deepEqual(await foundIn({ '/app': glibcProgram({ strings: ['libplug.so.2'] }) }), []);
  });

  it('that what it opens wants a version of a library that is too old', async () => {
    const versionsNeeded = [{ file: 'libc.so.6', versions: ['GLIBC_2.40'] }];
    const plug = sharedLibrary('libplug.so.2', { needs: ['libc.so.6'], versionsNeeded });
    const files = { '/usr/lib/libplug.so.2': plug, '/app': opener('libplug.so.2') };
    assert.deepEqual(await foundIn(files), [['degrades', 'GLIBC_2.40', '/usr/lib/libplug.so.2']]);
  });

  it('less of what programs use only where it is: drivers, desktops, allocators', async () => {
    for (const name of ['libcuda.so.1', 'libnvidia-ml.so.1', 'libX11.so.6', 'libGLESv2.so.2', 'libkrb5.so.3']) {
      assert.deepEqual(await foundIn({ '/app': opener(name) }), [['notes', name, '/app']]);
    }
    for (const name of ['libcapstone.so.4', 'libxyz.so.1', 'libvalue.so', 'libmissing.so.1']) {
      assert.deepEqual(await foundIn({ '/app': opener(name) }), [['degrades', name, '/app']]);
    }
  });

  it('what its dlopen notes ask for, by their priority', async () => {
    const notes = [
      dlopenNote([
        { soname: ['liba.so.1', 'liba.so.0'], priority: 'required', feature: 'a' },
        { soname: ['libb.so.1'], priority: 'recommended' },
        { soname: ['libc-x.so.1'], priority: 'suggested' },
      ]),
    ];
    assert.deepEqual(await foundIn({ '/app': glibcProgram({ notes }) }), [
      ['degrades', 'liba.so.1', '/app'],
      ['notes', 'libb.so.1', '/app'],
    ]);
    const there = {
      '/usr/lib/liba.so.0': sharedLibrary('liba.so.0'),
      '/usr/lib/libb.so.1': sharedLibrary('libb.so.1'),
    };
    assert.deepEqual(await foundIn({ ...there, '/app': glibcProgram({ notes }) }), []);
  });
});

describe('late-lib-missing says of interpreters', () => {
  const python = { ...pythonLibrary('3.11'), '/usr/bin/python3.11': glibcProgram(), ...libgcc };
  const cv = '/usr/lib/python3/dist-packages/cv2/cv2.abi3.so';
  const script = (text: string) => ({ '/app': executable(`#!/usr/bin/python3.11\n${text}`) });
  const needy = sharedLibrary('cv2.abi3.so', { needs: ['libGL.so.1', 'libc.so.6'] });

  it('that a module which the script imports needs a library that is not there', async () => {
    assert.deepEqual(await foundIn({ ...python, ...script('import os, cv2\n'), [cv]: needy }), [
      ['degrades', 'libGL.so.1', cv],
    ]);
    const dynload = '/usr/lib/python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so';
    const ssl = sharedLibrary('_ssl.so', { needs: ['libssl.so.3'] });
    const unlinked = { '/usr/lib/libssl.so.3.0.1': sharedLibrary('libssl.so.3') };
    assert.deepEqual(await foundIn({ ...python, ...unlinked, ...script('import ssl\n'), [dynload]: ssl }), [
      ['degrades', 'libssl.so.3', dynload],
    ]);
  });

  it('the same of a text that stands on the command line', async () => {
    const files = { ...python, [cv]: needy };
    const config = { entrypoint: ['python3.11', '-c', 'import os; import cv2'] };
    assert.deepEqual(await foundIn(files, config), [['degrades', 'libGL.so.1', cv]]);
  });

  it('that a script opens a library by its name', async () => {
    const text = "import ctypes\nlib = ctypes.CDLL('libdemo.so.1')\n";
    assert.deepEqual(await foundIn({ ...python, ...script(text) }), [['degrades', 'libdemo.so.1', '/app']]);
  });

  it('nothing of modules that nobody imports, and of libraries that are there', async () => {
    assert.deepEqual(await foundIn({ ...python, ...script('import os\n'), [cv]: needy }), []);
    const there = { '/usr/lib/libGL.so.1': sharedLibrary('libGL.so.1') };
    assert.deepEqual(await foundIn({ ...python, ...script('import cv2\n'), [cv]: needy, ...there }), []);
  });

  it('less where the library lies elsewhere, as packages load their own by path', async () => {
    const own = { '/usr/lib/python3/dist-packages/cv2.libs/libGL.so.1': sharedLibrary('libGL.so.1') };
    assert.deepEqual(await foundIn({ ...python, ...script('import cv2\n'), [cv]: needy, ...own }), [
      ['notes', 'libGL.so.1', cv],
    ]);
  });

  it('that an add-on of a package that the application needs wants one', async () => {
    const addon = '/srv/node_modules/canvas/build/Release/canvas.node';
    const files = {
      ...libgcc,
      '/usr/bin/node': glibcProgram(),
      '/srv/app.js': executable('#!/usr/bin/node\n'),
      '/srv/package.json': '{"dependencies":{"charts":"1"}}',
      '/srv/node_modules/charts/package.json': '{"dependencies":{"canvas":"2"}}',
      '/srv/node_modules/canvas/package.json': '{}',
      [addon]: sharedLibrary('canvas.node', { needs: ['libcairo.so.2'] }),
    };
    const config = { entrypoint: ['/srv/app.js'] };
    assert.deepEqual(await foundIn(files, config), [['degrades', 'libcairo.so.2', addon]]);
    assert.deepEqual(await foundIn({ ...files, '/srv/package.json': '{}' }, config), []);
  });

  it('that an add-on which the script names by its path wants one', async () => {
    const files = {
      ...libgcc,
      '/usr/bin/node': glibcProgram(),
      '/srv/app.js': executable("#!/usr/bin/node\nrequire('./build/own')\n"),
      '/srv/build/own.node': sharedLibrary('own.node', { needs: ['libown.so.1'] }),
    };
    const found = await foundIn(files, { entrypoint: ['/srv/app.js'] });
    assert.deepEqual(found, [['degrades', 'libown.so.1', '/srv/build/own.node']]);
  });

  it('that an extension which the configuration of PHP names wants one', async () => {
    const gd = '/usr/lib/php/20220829/gd.so';
    const files = {
      ...libgcc,
      '/usr/bin/php8.2': glibcProgram(),
      '/app': executable('#!/usr/bin/php8.2\n'),
      '/etc/php/8.2/cli/conf.d/20-gd.ini': '; priority=20\nextension=gd.so\n',
      [gd]: sharedLibrary('gd.so', { needs: ['libgd.so.3'] }),
    };
    assert.deepEqual(await foundIn(files), [['degrades', 'libgd.so.3', gd]]);
  });

  it('that a library of Ruby or Perl wants one', async () => {
    const psych = '/usr/lib/ruby/3.1.0/x86_64-linux/psych.so';
    const ruby = {
      ...libgcc,
      ...rubyLibrary,
      '/usr/bin/ruby3.1': glibcProgram(),
      '/app': executable("#!/usr/bin/ruby3.1\nrequire 'yaml'\n"),
      [psych]: sharedLibrary('psych.so', { needs: ['libyaml-0.so.2'] }),
    };
    assert.deepEqual(await foundIn(ruby), [['degrades', 'libyaml-0.so.2', psych]]);
    const dbd = '/usr/lib/perl5/auto/DBD/Pg/Pg.so';
    const perl = {
      ...libgcc,
      '/usr/bin/perl': glibcProgram(),
      '/app': executable('#!/usr/bin/perl\nuse DBD::Pg;\n'),
      [dbd]: sharedLibrary('Pg.so', { needs: ['libpq.so.5'] }),
    };
    assert.deepEqual(await foundIn(perl), [['degrades', 'libpq.so.5', dbd]]);
  });
});

describe('late-lib-missing says of servers', () => {
  const nginx = {
    ...libgcc,
    '/usr/sbin/nginx': glibcProgram(),
    '/etc/nginx/nginx.conf': 'events {}\n',
    '/etc/nginx/modules-enabled/50-geo.conf': 'load_module modules/geo.so;\n',
  };
  const module = { '/usr/share/nginx/modules/geo.so': sharedLibrary('geo.so', { needs: ['libgeo.so.1'] }) };
  const config = { entrypoint: ['nginx'] };

  it('that a module is not there, or needs what is not there', async () => {
    assert.deepEqual(await foundIn(nginx, config), [['degrades', 'modules/geo.so', '/usr/sbin/nginx']]);
    const found = await foundIn({ ...nginx, ...module }, config);
    assert.deepEqual(found, [['degrades', 'libgeo.so.1', '/usr/share/nginx/modules/geo.so']]);
  });

  it('nothing where all is there, and of a configuration that is not used', async () => {
    const geo = { '/usr/lib/libgeo.so.1': sharedLibrary('libgeo.so.1') };
    assert.deepEqual(await foundIn({ ...nginx, ...module, ...geo }, config), []);
    assert.deepEqual(await foundIn(nginx, { entrypoint: ['nginx', '-c', '/srv/nginx.conf'] }), []);
  });
});

describe('late-lib-missing', () => {
  it('says first what was seen at the start, and not again', async () => {
    const scene = await makeScene({ files: { ...glibcFiles(), '/app': glibcProgram({ imports: ['pthread_exit'] }) } });
    const seen = { cause: 'late-lib-missing', says: 'seen', missing: ['libgcc_s.so.1'], subject: '/app' } as const;
    const found = await lateLibMissing.judge({ ...scene, verdict: { ...scene.verdict, late: [seen] } });
    assert.deepEqual(
      found.map(({ says }) => says),
      ['seen'],
    );
  });
});
