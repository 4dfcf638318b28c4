import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { imagePath } from '../../kit/index.ts';
import { literalTree } from '../../rootfs/index.ts';
import { packagesOf } from './index.ts';

const status = `Package: web
Status: install ok installed
Architecture: amd64
Version: 1.2-3
Installed-Size: 12
Pre-Depends: libc6 (>= 2.34)
Depends: web-data (= 1.2-3), mail-agent | postfix:any (>= 2),
 libssl3 [amd64]
Description: folded
 Depends: not-this

Package: web-data
Status: install ok installed
Source: web (1.2)
Architecture: all
Version: 1.2-3

Package: libssl3
Status: install ok installed
Multi-Arch: same
Architecture: amd64
Source: openssl
Version: 3.0

Package: other
Status: install ok installed
Architecture: amd64
Provides: mail-agent, smtpd (= 1)
Version: 9

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1
`;
const info = '/var/lib/dpkg/info';
const dpkg = literalTree({
  '/var/lib/dpkg/status': status,
  '/var/lib/dpkg/diversions': '/usr/bin/tool\n/usr/bin/tool.web\nother\n',
  [`${info}/web.list`]: '/.\n/bin\n/bin/webctl\n/usr/sbin/web\n/usr/bin/tool\n',
  [`${info}/web-data.list`]: '/.\n/usr/share/web\n/usr/share/web/x\n',
  [`${info}/libssl3:amd64.list`]: '/.\n/usr/lib/x86_64-linux-gnu/libssl.so.3\n',
  [`${info}/other.list`]: '/.\n/usr/bin/tool\n/usr/sbin/webber\n',
});
const databaseOf = async (tree: Parameters<typeof packagesOf>[0]) => {
  const database = await packagesOf(tree);
  assert.ok(database);
  return database;
};
const nameOfOwner = async (path: string) => (await (await databaseOf(dpkg)).ownerOf(imagePath(path)))?.name;

describe("dpkg's record", () => {
  it('reads names, relations and sources without versions and architectures', async () => {
    const found = await (await databaseOf(dpkg)).find('web');
    assert.deepEqual(found?.depends, [['libc6'], ['web-data'], ['mail-agent', 'postfix'], ['libssl3']]);
    assert.equal(found?.source, 'web');
    assert.equal(found?.installedBytes, 12 * 1024);
  });

  it('knows who provides a virtual package, and leaves out what was removed', async () => {
    const database = await databaseOf(dpkg);
    assert.equal((await database.find('smtpd'))?.name, 'other');
    assert.equal(await database.find('gone'), undefined);
    assert.deepEqual(
      (await database.all()).map(({ name }) => name),
      ['web', 'web-data', 'libssl3', 'other'],
    );
    assert.deepEqual(
      (await database.builtFrom('web')).map(({ name }) => name),
      ['web', 'web-data'],
    );
  });

  it('finds owners by whole lines, through merged /usr both ways, and in lists of one architecture', async () => {
    assert.equal(await nameOfOwner('/usr/sbin/web'), 'web');
    assert.equal(await nameOfOwner('/usr/bin/webctl'), 'web');
    assert.equal(await nameOfOwner('/bin/webctl'), 'web');
    assert.equal(await nameOfOwner('/usr/sbin/webber'), 'other');
    assert.equal(await nameOfOwner('/usr/lib/x86_64-linux-gnu/libssl.so.3'), 'libssl3');
    assert.equal(await nameOfOwner('/usr/sbin/we'), undefined);
  });

  it('follows diversions: the new name is the one that was pushed aside', async () => {
    const database = await databaseOf(dpkg);
    assert.equal(await nameOfOwner('/usr/bin/tool'), 'other');
    assert.equal(await nameOfOwner('/usr/bin/tool.web'), 'web');
    const web = await database.find('web');
    assert.ok(web);
    assert.deepEqual(await database.filesOf(web), ['/bin', '/bin/webctl', '/usr/sbin/web', '/usr/bin/tool.web']);
  });
});

describe('packagesOf', () => {
  it("reads distroless' status.d with its sums", async () => {
    const database = await databaseOf(
      literalTree({
        '/var/lib/dpkg/status.d/tzdata': 'Package: tzdata\nVersion: 2024a\nArchitecture: all\n',
        '/var/lib/dpkg/status.d/tzdata.md5sums': `${'0'.repeat(32)}  usr/share/zoneinfo/UTC\n`,
      }),
    );
    assert.equal((await database.ownerOf(imagePath('/usr/share/zoneinfo/UTC')))?.version, '2024a');
  });

  it("reads apk's record at both places", async () => {
    const installed =
      'C:Q1\nP:musl\nV:1.2.5-r0\nA:x86_64\nI:600\no:musl\nD:so:x !y z>1\np:so:libc.musl=1\nF:lib\nR:ld-musl.so.1\nF:usr/bin\n\nP:z\nV:1\n';
    for (const path of ['/lib/apk/db/installed', '/usr/lib/apk/db/installed']) {
      const database = await databaseOf(literalTree({ [path]: installed }));
      const owner = await database.ownerOf(imagePath('/usr/lib/ld-musl.so.1'));
      assert.equal(owner?.name, 'musl');
      assert.deepEqual(owner?.depends, [['so:x'], ['z']]);
      assert.equal((await database.find('so:libc.musl'))?.name, 'musl');
      assert.deepEqual(owner && (await database.filesOf(owner)), ['/lib', '/lib/ld-musl.so.1', '/usr/bin']);
    }
  });

  it('says of an rpm database that it is there and cannot be read', async () => {
    for (const path of ['/var/lib/rpm/rpmdb.sqlite', '/usr/lib/sysimage/rpm/Packages.db', '/var/lib/rpm/Packages']) {
      const database = await databaseOf(literalTree({ [path]: 'x' }));
      assert.deepEqual([database.kind, database.readable, database.path], ['rpm', false, path]);
      assert.equal(await database.ownerOf(imagePath('/bin/x')), undefined);
    }
    assert.equal(await packagesOf(literalTree({})), undefined);
  });
});
