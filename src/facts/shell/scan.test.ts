import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scanShell } from './scan.ts';

const called = (text: string, env?: Record<string, string>) => [...scanShell(text, env).called].sort();

describe('scanShell', () => {
  it('finds the commands of lists, pipes, groups and conditions, and no builtins or keywords', () => {
    const text =
      'if grep -q x /etc/f && ! test -e y; then sed s/a/b/ | sort; else { awk 1; }; fi\n( tar c . ) & wait\ncd /';
    assert.deepEqual(called(text), ['awk', 'grep', 'sed', 'sort', 'tar']);
  });

  it('looks into substitutions, also quoted ones and those in a here document', () => {
    const text =
      'x=$(basename "$0")\ny="`id -u`"\ncat <<END\n$(uname -r) not-a-command\nEND\ncat <<"END"\n$(never)\nEND\n';
    assert.deepEqual(called(text), ['basename', 'cat', 'id', 'uname']);
  });

  it('passes over comments, quotations, the words of case patterns and of for', () => {
    const text =
      '# rm x\nfor f in find locate; do echo "mv a"; done\ncase $1 in start|stop) head a ;; (x) tail b ;; esac\nmore c';
    assert.deepEqual(called(text), ['head', 'more', 'tail']);
  });

  it('leaves out functions, whether they are called before or after', () => {
    assert.deepEqual(called('usage() { fold; }\nfunction bye { nl; }\nusage; bye; later\nlater () { :; }'), [
      'fold',
      'nl',
    ]);
  });

  it('follows exec, env, xargs, sh -c, eval, trap and find -exec to the command', () => {
    const text = `exec -a n tclsh8.6 "$0"\nenv A=1 -i date\nls | xargs -n 1 wc\nsh -c 'cut -c1'\neval "paste x"
trap 'rm -f x' 0\nfind . -exec chmod +x {} ;\ntimeout 5 nice -n 3 make`;
    const found = called(text);
    for (const name of ['tclsh8.6', 'date', 'wc', 'cut', 'paste', 'rm', 'chmod', 'make'])
      assert.ok(found.includes(name), name);
  });

  it('knows a variable that only gets constants, and a default', () => {
    const text =
      'PAGER=less\nif x; then PAGER=/usr/bin/most; fi\n$PAGER f\n"$' +
      '{bindir:-/opt/b}/tool" -x\n$' +
      '{EDITOR:-vi} f';
    assert.deepEqual(called(text), ['/opt/b/tool', '/usr/bin/most', 'less', 'vi', 'x']);
    assert.deepEqual(called('$EDITOR x', { EDITOR: 'nano' }), ['nano']);
  });

  it('tells what is only asked for from what is called', () => {
    const use = scanShell('command -v curl >/dev/null || which wget\n[ -x /usr/bin/tput ] && echo');
    assert.deepEqual([...use.tested].sort(), ['/usr/bin/tput', 'curl', 'wget']);
    assert.equal(use.called.has('curl'), false);
  });

  it('works out what follows from its own name: neighbours, and itself without an ending', () => {
    const env = { 0: '/usr/bin/gdbtui' };
    assert.deepEqual(called('exec "$' + '{0%tui}" -tui', env), ['/usr/bin/gdb']);
    assert.deepEqual(called('exec "$0.bin"', env), ['/usr/bin/gdbtui.bin']);
    assert.deepEqual(called('DIR=`dirname $0`\nT=$DIR/tool\n$T -x', env), ['/usr/bin/tool', 'dirname']);
    assert.deepEqual(called('D="$(cd "$(dirname "$0")" && pwd)"\n"$D/tool"', env), ['/usr/bin/tool', 'dirname']);
    assert.deepEqual(called('S=$(basename "$0")\nexec /usr/lib/x/bin/"$S"', env), [
      '/usr/lib/x/bin/gdbtui',
      'basename',
    ]);
  });

  it('tries each word of a for loop as the command, and the arguments of a function that runs them', () => {
    assert.deepEqual(called('for e in nano vi; do $e "$1"; done'), ['nano', 'vi']);
    assert.deepEqual(called('Run() {\n  "$@"\n}\nRun more x'), ['more']);
    assert.deepEqual(called(': $' + '{AWK=gawk}\n$AWK 1'), ['gawk']);
  });

  it('finds sourced files and absolute paths', () => {
    const use = scanShell(
      '. /lib/lsb/init-functions\nDIR=/usr/share/x\nsource "$DIR/y.sh"\ncp --from=/etc/z a > /var/log/w',
    );
    assert.deepEqual([...use.sourced], ['/lib/lsb/init-functions', '/usr/share/x/y.sh']);
    assert.deepEqual([...use.paths].sort(), [
      '/etc/z',
      '/lib/lsb/init-functions',
      '/usr/share/x',
      '/usr/share/x/y.sh',
      '/var/log/w',
    ]);
  });

  it('comes to an end on whatever it is given', () => {
    for (const text of [
      '"',
      "'",
      '$(',
      '${',
      '`',
      '<<',
      '<<E',
      'case x in',
      'case x in a',
      '((((',
      '$((',
      '\\',
      '<(',
      '}{)(;;&|',
    ]) {
      assert.ok(scanShell(text.repeat(50)).called.size < 100);
    }
  });
});
