/** How a base is made: `script` is run by sh and fills the directory $ROOT, which holds `files`. */
export interface BaseRecipe {
  readonly script: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Other bases; their directories are $BASE_name. */
  readonly needs?: readonly string[];
  /** What osless is to say of the tree. */
  readonly os: ExpectedOs;
}

export interface ExpectedOs {
  readonly present: boolean;
  readonly distro: string | null;
  readonly libc: string | null;
  readonly shell: string | null;
  readonly packageManager: string | null;
}

const mirror = 'http://deb.debian.org/debian';

/** An ordinary Debian, as debootstrap makes it, without the pages that nobody reads. */
const minbase = (suite: string, packages: string): string => `
rmdir "$ROOT"
mmdebstrap --quiet --variant=minbase --format=directory --include=${packages} \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/i18n/*' \
  ${suite} "$ROOT" ${mirror}
rm -rf "$ROOT"/var/cache/* "$ROOT"/var/lib/apt/lists/* "$ROOT"/var/log/* "$ROOT"/dev/*`;

/** The files of packages and of all that they depend on, with no script run. */
const extracted = (suite: string, packages: string, architecture = 'amd64'): string => `
rmdir "$ROOT"
mmdebstrap --quiet --variant=extract --format=directory --architectures=${architecture} --include=${packages} ${suite} "$ROOT" ${mirror}
rm -rf "$ROOT"/var/cache/* "$ROOT"/var/lib/apt "$ROOT"/usr/share/doc "$ROOT"/usr/share/man "$ROOT"/usr/share/locale "$ROOT"/dev/* "$ROOT"/etc/apt`;

const users = {
  'etc/passwd':
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\napp:x:1000:1000::/home/app:/bin/sh\n',
  'etc/group': 'root:x:0:\nnobody:x:65534:\napp:x:1000:\nextra:x:2000:app\n',
};

const applets = `
mkdir -p "$ROOT"/bin "$ROOT"/sbin "$ROOT"/usr/bin "$ROOT"/usr/sbin "$ROOT"/tmp "$ROOT"/root "$ROOT"/home/app "$ROOT"/var/log
chmod 1777 "$ROOT"/tmp
chown 1000:1000 "$ROOT"/home/app
cp /bin/busybox "$ROOT"/bin/busybox
for path in $(/bin/busybox --list-full); do
  case $path in bin/busybox) ;; *) ln -sf /bin/busybox "$ROOT/$path" ;; esac
done`;

const nobody: ExpectedOs = { present: false, distro: null, libc: null, shell: null, packageManager: null };
const debian = (version: string, glibc: string): ExpectedOs => ({
  present: true,
  distro: `debian ${version}`,
  libc: `glibc ${glibc}`,
  shell: '/bin/sh',
  packageManager: 'apt',
});

/** Every base by its name. */
export const recipes: Readonly<Record<string, BaseRecipe>> = {
  scratch: { script: 'true', os: nobody },
  busybox: { script: applets, files: users, os: { ...nobody, present: true, distro: 'busybox', shell: '/bin/sh' } },
  musl: {
    script: `${applets}
mkdir "$ROOT"/lib
cp -L /lib/ld-musl-x86_64.so.1 "$ROOT"/lib/ld-musl-x86_64.so.1
ln -s ld-musl-x86_64.so.1 "$ROOT"/lib/libc.musl-x86_64.so.1`,
    files: {
      ...users,
      'etc/os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.17.9\nPRETTY_NAME="Alpine Linux v3.17"\n',
    },
    os: { present: true, distro: 'alpine 3.17.9', libc: 'musl 1.2.3', shell: '/bin/sh', packageManager: null },
  },
  deb11: { script: minbase('bullseye', 'tini,python3-minimal'), os: debian('11', '2.31') },
  deb12: {
    script: minbase('bookworm', 'ca-certificates,curl,dumb-init,gosu,netbase,openssl,python3-minimal,tini,tzdata'),
    os: debian('12', '2.36'),
  },
  deb13: { script: minbase('trixie', 'tini'), os: debian('13', '2.41') },
  python: {
    script: extracted('bookworm', 'python3,dash,bash,coreutils'),
    os: { ...debian('12', '2.36'), packageManager: 'dpkg' },
  },
  node: {
    script: extracted('bookworm', 'nodejs,dash,coreutils,base-files'),
    os: { ...debian('12', '2.36'), packageManager: 'dpkg' },
  },
  world: {
    script: extracted('bookworm', 'nginx-light,redis-server,ruby,php8.2-cli,sqlite3,git,dash,coreutils,base-files'),
    os: { ...debian('12', '2.36'), packageManager: 'dpkg' },
  },
  java: {
    script: extracted('bookworm', 'openjdk-17-jre-headless,base-files'),
    os: { ...debian('12', '2.36'), present: false, shell: null, packageManager: null },
  },
  i386: {
    script: extracted('bookworm', 'libc6,hello,busybox-static,base-files', 'i386'),
    os: { ...debian('12', '2.36'), shell: '/bin/busybox', packageManager: null },
  },
  arm64: {
    script: extracted('bookworm', 'libc6,hello,busybox-static,base-files', 'arm64'),
    os: { ...debian('12', '2.36'), present: false, shell: null, packageManager: null },
  },
  distroless: {
    needs: ['deb12'],
    files: {
      'etc/passwd':
        'root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n',
      'etc/group': 'root:x:0:\nnobody:x:65534:\ntty:x:5:\nstaff:x:50:\nnonroot:x:65532:\n',
      'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\nservices: files\n',
    },
    script: `cd "$ROOT"
mkdir -p tmp root home/nonroot var/lib/dpkg/status.d usr/lib/x86_64-linux-gnu usr/lib64 usr/share etc/ssl/certs
chmod 1777 tmp; chmod 700 home/nonroot; chown 65532:65532 home/nonroot
ln -s usr/lib lib; ln -s usr/lib64 lib64
libs=usr/lib/x86_64-linux-gnu
for name in libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 ld-linux-x86-64.so.2 libresolv.so.2 libnss_dns.so.2 libnss_files.so.2 libssl.so.3 libcrypto.so.3 libgcc_s.so.1 libstdc++.so.6; do
  cp -L "$BASE_deb12/$libs/$name" "$libs/$name" 2>/dev/null || test "$name" = libstdc++.so.6
done
ln -s /lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 usr/lib64/ld-linux-x86-64.so.2
cp "$BASE_deb12/etc/ssl/certs/ca-certificates.crt" etc/ssl/certs/
cp -a "$BASE_deb12/usr/share/zoneinfo" usr/share/
cp "$BASE_deb12/usr/lib/os-release" usr/lib/os-release
sed -i 's/^PRETTY_NAME=.*/PRETTY_NAME="Distroless"/' usr/lib/os-release
ln -s ../usr/lib/os-release etc/os-release
for package in base-files libc6 libssl3 netbase tzdata; do
  sed -n "/^Package: $package\\$/,/^\\$/p" "$BASE_deb12/var/lib/dpkg/status" > var/lib/dpkg/status.d/$package
done
cp "$BASE_deb12/etc/services" "$BASE_deb12/etc/protocols" etc/`,
    os: { present: false, distro: 'debian 12', libc: 'glibc 2.36', shell: null, packageManager: null },
  },
};
