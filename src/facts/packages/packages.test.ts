import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, it } from 'node:test';
import { berkeleyFile, ndbFile, rpmHeader } from '../../../tests/make/rpm.ts';
import { sqliteFile } from '../../../tests/make/sqlite.ts';
import { imagePath } from '../../kit/index.ts';
import { hostTree, literalTree } from '../../rootfs/index.ts';
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

  it('reads an rpm database wherever it lies, with owners of files', async () => {
    const headers = [
      rpmHeader({
        name: 'bash',
        version: '5.2',
        release: '1',
        epoch: 2,
        requires: ['/bin/sh', 'rpmlib(X)', '(a or b)'],
      }),
      rpmHeader({ name: 'dash', sourceRpm: 'dash-src-0.5-1.src.rpm', files: ['/usr/bin/sh'], provides: ['shell'] }),
    ];
    for (const [path, file] of [
      ['/var/lib/rpm/rpmdb.sqlite', sqliteFile('Packages', headers)],
      ['/usr/lib/sysimage/rpm/Packages.db', ndbFile(headers)],
      ['/var/lib/rpm/Packages', berkeleyFile(headers)],
    ] as const) {
      const database = await databaseOf(literalTree({ [path]: file }));
      assert.deepEqual([database.kind, database.readable, database.path], ['rpm', true, path]);
      const bash = await database.find('bash');
      assert.deepEqual([bash?.version, bash?.depends], ['2:5.2-1', [['/bin/sh']]]);
      for (const name of ['shell', '/bin/sh']) assert.equal((await database.find(name))?.source, 'dash-src');
      assert.equal((await database.ownerOf(imagePath('/bin/sh')))?.name, 'dash');
      assert.equal((await database.all()).length, 2);
    }
  });

  it('says of an rpm database in an unknown format that it is there and cannot be read', async () => {
    for (const path of ['/var/lib/rpm/rpmdb.sqlite', '/usr/lib/sysimage/rpm/Packages.db', '/var/lib/rpm/Packages']) {
      const database = await databaseOf(literalTree({ [path]: 'x' }));
      assert.deepEqual([database.kind, database.readable, database.path], ['rpm', false, path]);
      assert.equal(await database.ownerOf(imagePath('/bin/x')), undefined);
    }
    assert.equal(await packagesOf(literalTree({})), undefined);
  });

  it('reads the database that rpm itself writes', async (test) => {
    const folder = mkdtempSync(`${tmpdir()}/osless-rpm-`);
    test.after(() => rmSync(folder, { recursive: true }));
    const why = installByRpm(folder);
    if (why !== undefined) return test.skip(why);
    const database = await databaseOf(hostTree(folder));
    const [made] = await database.all();
    assert.deepEqual([made?.name, made?.version, made?.depends], ['made', '3:1.2-4', [['/bin/sh']]]);
    assert.equal((await database.ownerOf(imagePath('/usr/share/made')))?.name, 'made');
  });

  it("reads pacman's record", async () => {
    const local = '/var/lib/pacman/local';
    const desc =
      '%NAME%\nbash\n\n%VERSION%\n5.2-1\n\n%ARCH%\nx86_64\n\n%DEPENDS%\nglibc>=2\n\n%PROVIDES%\nsh=5\n\n%SIZE%\n9\n';
    const database = await databaseOf(
      literalTree({
        [`${local}/ALPM_DB_VERSION`]: '9\n',
        [`${local}/bash-5.2-1/desc`]: desc,
        [`${local}/bash-5.2-1/files`]: '%FILES%\nusr/\nusr/bin/\nusr/bin/bash\n\n%BACKUP%\netc/x\n',
      }),
    );
    assert.equal(database.kind, 'pacman');
    const owner = await database.ownerOf(imagePath('/bin/bash'));
    assert.deepEqual([owner?.version, owner?.depends, owner?.installedBytes], ['5.2-1', [['glibc']], 9]);
    assert.equal((await database.find('sh'))?.name, 'bash');
    assert.equal(await database.ownerOf(imagePath('/etc/x')), undefined);
  });

  it("reads opkg's record, whose lists begin without a line for the root", async () => {
    const database = await databaseOf(
      literalTree({
        '/usr/lib/opkg/status': 'Package: busybox\nVersion: 1.36\nStatus: install user installed\nArchitecture: x\n\n',
        '/usr/lib/opkg/info/busybox.list': '/bin/busybox\n/bin/ash\n',
      }),
    );
    assert.equal(database.kind, 'opkg');
    assert.equal((await database.ownerOf(imagePath('/bin/busybox')))?.version, '1.36');
  });
});

/** Builds a package and records it as installed in `root`; says why not where that cannot be done here. */
function installByRpm(root: string): string | undefined {
  const lines = [
    'Name: made',
    'Epoch: 3',
    'Version: 1.2',
    'Release: 4',
    'Summary: x',
    'License: x',
    'BuildArch: noarch',
  ];
  const spec = [...lines, 'Requires: /bin/sh', '%description', 'x', '%files', '%dir /usr/share/made', '%install'];
  writeFileSync(`${root}/made.spec`, [...spec, 'mkdir -p %{buildroot}/usr/share/made', ''].join('\n'));
  const build = spawnSync('rpmbuild', ['-bb', '--define', `_topdir ${root}/build`, `${root}/made.spec`]);
  if (build.status !== 0) return 'there is no rpmbuild, or it refuses';
  const place = ['--root', root, '--define', '_dbpath /var/lib/rpm'];
  const rpm = `${root}/build/RPMS/noarch/made-1.2-4.noarch.rpm`;
  const install = spawnSync('rpm', [...place, '--justdb', '--nodeps', '-i', rpm]);
  return install.status === 0 ? undefined : `rpm refuses: ${install.stderr}`;
}
