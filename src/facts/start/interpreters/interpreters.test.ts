import { describe } from 'node:test';
import { glibcProgram } from '../../../../tests/make/scene.ts';
import { script, starts, stops } from '../../../../tests/make/start.ts';

/** The commands were run by docker in a Debian system, too. */
describe('startOf, with Python,', () => {
  const lib = '/usr/lib/python3.11';
  const library = {
    [`${lib}/os.py`]: '',
    [`${lib}/encodings/__init__.py`]: '',
    [`${lib}/json/__init__.py`]: '',
    [`${lib}/http/server.py`]: '',
  };
  const run = (text: string, more = {}) => ({ files: { ...library, '/srv/app.py': text, ...more } });
  starts(['python3', '-u', '-X', 'dev', '/srv/app.py'], { ...run('import json, sys, math\n'), last: '/srv/app.py' });
  starts(['python3', 'app.py'], { ...run(''), config: { workingDir: '/srv' } });
  starts(['python3', '-m', 'http.server'], run(''));
  starts(['python3', '-m', 'app'], { ...run(''), config: { workingDir: '/srv' } });
  starts(['python3', '-c', 'print(1)'], run(''));
  starts(['python3', '/srv/app.py'], { ...run('import json\nimport flask\n'), late: ['late-module-missing'] });
  starts(
    ['python3', '/srv/app.py'],
    run('"""\nimport nope\n"""\ntry:\n  import nope\nexcept ImportError: pass\nif 0:\n  import x\n'),
  );
  starts(
    ['python3', '/srv/app.py'],
    run('from helper import x\nimport space.y\n', { '/srv/helper.py': '', '/srv/space/y.py': '' }),
  );
  starts(['python3', '/srv/app.py'], run('import sys\nsys.path.insert(0, "x")\nimport nope\n'));
  starts(['python3', '/srv/app.py'], run('import nope\n', { [`${lib}/site-packages/x.pth`]: '/opt/x' }));
  starts(
    ['/venv/bin/python', '/srv/app.py'],
    run('import flask\n', {
      '/venv/pyvenv.cfg': 'home = /usr/bin\n',
      '/venv/bin/python': { linkTarget: '/usr/bin/python3' },
      '/venv/lib/python3.11/site-packages/flask/__init__.py': '',
    }),
  );
  starts(['python3', '-E', '/srv/app.py'], { ...run(''), config: { env: ['PYTHONHOME=/nope'] } });
  stops('program-missing', ['python3', 'app.py'], { ...run(''), missing: ['app.py'], subject: '/usr/bin/python3.11' });
  stops('program-missing', ['python3', '-I', '-m', 'app'], { ...run(''), config: { workingDir: '/srv' } });
  stops('program-missing', ['python3', '-m', 'gunicorn'], { ...run(''), missing: ['gunicorn'] });
  stops('program-missing', ['python3', '/srv'], { files: library });
  stops('script-unreadable', ['python3', '/x.py'], {
    files: { ...library, '/x.py': { content: '', mode: 0o600 } },
    config: { user: 'web' },
  });
  stops('runtime-incomplete', ['python3', '/srv/app.py'], { files: { '/srv/app.py': '' } });
  stops('runtime-incomplete', ['python3', '-c', ''], { files: library, config: { env: ['PYTHONHOME=/opt/python'] } });
  stops('runtime-incomplete', ['/run'], { files: { '/run': script('#!/usr/bin/env python3\n') } });
  stops('shebang-args', ['/run'], { files: { ...library, '/run': script('#!/usr/bin/python3 -u -O\n') } });
});

describe('startOf, with Node,', () => {
  const run = (text: string, more = {}) => ({ files: { '/srv/app.js': text, ...more } });
  starts(['node', '--enable-source-maps', '/srv/app'], { ...run(''), last: '/srv/app.js' });
  starts(['node', '.'], {
    files: { '/srv/package.json': '{"main":"lib/start"}', '/srv/lib/start.js': '' },
    config: { workingDir: '/srv' },
  });
  stops('program-missing', ['node', '/srv/app.js'], {
    ...run(''),
    config: { env: ['NODE_OPTIONS=--max-old-space-size=64 --require ./nope.js'] },
    missing: ['./nope.js'],
  });
  starts(['node', '-e', '1']);
  starts(['node', '/srv/app.js'], { ...run("const x = require('express')\n"), late: ['late-module-missing'] });
  starts(
    ['node', '/srv/app.js'],
    run("const x = require('express')\n", { '/node_modules/express/package.json': '{}' }),
  );
  starts(['node', '/srv/app.js'], {
    ...run("import './lib/x'\n", { '/srv/lib/x.js': '' }),
    late: ['late-module-missing'],
  });
  starts(['node', '/srv/app.js'], {
    ...run('const { default: x } = await import("express")\n'),
    late: ['late-module-missing'],
  });
  starts(['node', '/srv/app.js'], { ...run('const {\n  a\n} = require("express")\n'), late: ['late-module-missing'] });
  starts(['node', '/srv/app.js'], {
    ...run('const x = __importDefault(require("express"))\n'),
    late: ['late-module-missing'],
  });
  starts(
    ['node', '/srv/app.js'],
    run("const fs = require('fs')\nconst y = require('./lib')\n", { '/srv/lib/index.js': '' }),
  );
  starts(
    ['node', '/srv/app.js'],
    run("/*\nimport 'nope'\n*/\nif (x) {\n  require('nope')\n}\nconst t = `\nimport 'nope'\n`\n"),
  );
  stops('program-missing', ['node', 'nope.js'], { missing: ['nope.js'] });
  stops('program-missing', ['node', '/srv']);
  stops('program-missing', ['node', '-r', 'dotenv/config', '/srv/app.js'], { ...run(''), missing: ['dotenv/config'] });
});

describe('startOf, with Java,', () => {
  const home = '/opt/java';
  const runtime = {
    [`${home}/bin/java`]: glibcProgram(),
    ...Object.fromEntries(
      ['libjava.so', 'jvm.cfg', 'server/libjvm.so', 'libjimage.so', 'libzip.so', 'modules'].map((name) => [
        `${home}/lib/${name}`,
        '',
      ]),
    ),
  };
  const without = (name: string) =>
    Object.fromEntries(Object.entries(runtime).filter(([path]) => path !== `${home}/lib/${name}`));
  const java = (...args: string[]) => [`${home}/bin/java`, ...args];
  starts(java('-Xmx64m', '-jar', '/app.jar'), { files: { ...runtime, '/app.jar': 'PK\x03\x04' } });
  starts(java('-cp', '/x:/srv', 'a.Main'), { files: { ...runtime, '/srv/a/Main.class': '' } });
  starts(java('-version'), { files: runtime });
  stops('program-missing', java('-jar', '/nope.jar'), { files: runtime, missing: ['/nope.jar'] });
  stops('program-missing', java('-jar', '/app.jar'), { files: { ...runtime, '/app.jar': 'text' } });
  stops('program-missing', java('-cp', '/srv', 'a.Main'), { files: runtime, missing: ['a.Main'] });
  for (const name of ['libjava.so', 'jvm.cfg', 'server/libjvm.so', 'modules']) {
    stops('runtime-incomplete', java('-version'), { files: without(name), missing: [`${home}/lib/${name}`] });
  }
});

describe('startOf, with Perl and others,', () => {
  const inc = {
    '/usr/share/perl/5.36/strict.pm': '',
  };
  starts(['perl', '/x.pl'], { files: { ...inc, '/x.pl': 'use strict;\n' }, last: '/x.pl' });
  starts(['perl', '/x.pl'], { files: { ...inc, '/x.pl': 'use strict;\nuse LWP;\n' }, late: ['late-module-missing'] });
  starts(['perl', '/x.pl'], { files: { ...inc, '/x.pl': "use lib '/y';\nuse LWP;\n" } });
  starts(['perl', '/x.pl'], {
    files: { ...inc, '/x.pl': 'print 1;\nrequire LWP::UserAgent;\n' },
    late: ['late-module-missing'],
  });
  starts(['/x.pl'], { files: { ...inc, '/x.pl': script('#!/usr/bin/perl -w\r\n') } });
  stops('runtime-incomplete', ['perl', '/x.pl'], {
    files: { ...inc, '/x.pl': 'use warnings;\n' },
    missing: ['warnings.pm'],
  });
  stops('program-missing', ['perl', '/nope.pl']);
  starts(['ruby', '-rjson', '/x.rb'], { files: { '/usr/lib/ruby/3.1.0/json.rb': '', '/x.rb': '' } });
  starts(['ruby', '-I', '/opt', '-rown', '/x.rb'], { files: { '/x.rb': '' } });
  stops('program-missing', ['ruby', '-rnope', '/x.rb'], { files: { '/x.rb': '' }, missing: ['nope'] });
  starts(['ruby', '/x.rb'], { files: { '/usr/lib/ruby/3.1.0/rubygems.rb': '', '/x.rb': '' } });
  starts(['ruby', '/x.rb'], { files: { '/x.rb': "puts 1\nrequire 'sinatra'\n" }, late: ['late-module-missing'] });
  starts(['ruby', '/x.rb'], {
    files: {
      '/x.rb': "require 'sinatra'\nrequire 'json'\nrequire 'thread'\n",
      '/var/lib/gems/3.1.0/gems/sinatra-3.0/lib/sinatra.rb': '',
      '/usr/lib/ruby/3.1.0/json.rb': '',
    },
  });
  stops('program-missing', ['ruby', '/x.rb'], { files: { '/usr/lib/ruby/vendor_ruby/rubygems.rb': '' } });
  starts(['php', '-r', 'echo 1;']);
  stops('program-missing', ['php', '-d', 'x=1', '/nope.php'], { missing: ['/nope.php'] });
});
