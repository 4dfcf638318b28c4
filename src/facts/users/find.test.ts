import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { literalTree } from '../../rootfs/index.ts';
import { findUser } from './find.ts';

const tree = literalTree({
  '/etc/passwd':
    'root:x:0:0:root:/root:/bin/sh\nweb:x:33:34:,,,:/var/www:/bin/false\n# no:x:9:9\n12:x:55:66::/n:/s\nbad:x:one:1\n',
  '/etc/group': 'root:x:0:\nlogs:x:4:web,root\nweb:x:34:\nmedia:x:90:web\n',
});

const web = { found: true, uid: 33, gid: 34, groups: [4, 90], home: '/var/www', shell: '/bin/false', name: 'web' };

describe('findUser', () => {
  it('finds a name with its group and the groups that list it', async () => {
    assert.deepEqual(await findUser(tree, 'web'), web);
  });

  it('takes a number with an entry for that account, supplementary groups too', async () => {
    assert.deepEqual(await findUser(tree, '33'), web);
  });

  it('gives a number without an entry group 0 and the root as home', async () => {
    assert.deepEqual(await findUser(tree, '1000'), {
      found: true,
      uid: 1000,
      gid: 0,
      groups: [],
      home: '/',
      shell: '',
      name: undefined,
    });
  });

  it('takes a number for an id, also where an account is called like it', async () => {
    const answer = await findUser(tree, '12');
    assert.deepEqual(answer.found && [answer.uid, answer.gid, answer.name], [12, 0, undefined]);
  });

  it('switches supplementary groups off by an explicit group, named or numbered', async () => {
    assert.deepEqual(await findUser(tree, 'web:logs'), {
      found: true,
      uid: 33,
      gid: 4,
      groups: [],
      home: '/var/www',
      shell: '/bin/false',
      name: 'web',
    });
    assert.deepEqual(await findUser(tree, '7:777'), {
      found: true,
      uid: 7,
      gid: 777,
      groups: [],
      home: '/',
      shell: '',
      name: undefined,
    });
  });

  it('takes lines that libc passes over, as docker does: comments, and 0 for what is no number', async () => {
    const ids = async (name: string) => {
      const answer = await findUser(tree, name);
      return answer.found && [answer.uid, answer.gid];
    };
    assert.deepEqual(await ids('# no'), [9, 9]);
    assert.deepEqual(await ids('bad'), [0, 1]);
  });

  it('is root when nothing is asked for, also in a tree without accounts', async () => {
    const answer = await findUser(literalTree({}), '');
    assert.deepEqual(answer, { found: true, uid: 0, gid: 0, groups: [], home: '/', shell: '', name: undefined });
    assert.deepEqual(await findUser(literalTree({}), 'root'), {
      found: false,
      what: 'user',
      name: 'root',
      isOutOfRange: false,
    });
  });

  it('does not find unknown names, and refuses numbers that are no ids', async () => {
    for (const name of ['nobody', ' 1', '0x1', '1e3', '9'.repeat(20)]) {
      assert.deepEqual(await findUser(tree, name), { found: false, what: 'user', name, isOutOfRange: false });
    }
    for (const name of ['2147483648', '-1']) {
      assert.deepEqual(await findUser(tree, name), { found: false, what: 'user', name, isOutOfRange: true });
    }
    assert.deepEqual(await findUser(tree, '7:-1'), { found: false, what: 'group', name: '-1', isOutOfRange: true });
    assert.deepEqual(await findUser(tree, 'web:nogroup'), {
      found: false,
      what: 'group',
      name: 'nogroup',
      isOutOfRange: false,
    });
  });
});
