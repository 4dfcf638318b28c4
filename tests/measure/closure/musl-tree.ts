import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Real programs and libraries for musl, as their makers publish them: each by name, at the newest version. */
const npmPackages = [
  '@esbuild/linux-x64',
  '@img/sharp-libvips-linuxmusl-x64',
  '@img/sharp-linuxmusl-x64',
  '@napi-rs/canvas-linux-x64-musl',
  '@next/swc-linux-x64-musl',
  '@node-rs/argon2-linux-x64-musl',
  '@oxc-resolver/binding-linux-x64-musl',
  '@parcel/watcher-linux-x64-musl',
  '@resvg/resvg-js-linux-x64-musl',
  '@rollup/rollup-linux-x64-musl',
  '@swc/core-linux-x64-musl',
  '@tailwindcss/oxide-linux-x64-musl',
  '@biomejs/cli-linux-x64-musl',
  'lightningcss-linux-x64-musl',
];
const pythonPackages =
  'numpy pandas scipy matplotlib contourpy kiwisolver shapely lxml pillow cryptography cffi bcrypt pynacl grpcio pyzmq psycopg2-binary aiohttp yarl pyyaml msgpack orjson pydantic-core regex greenlet uvloop h5py ruff pycryptodome pycryptodomex cython mypy black sqlalchemy gevent psutil rapidfuzz av pyproj pyarrow polars duckdb pillow-heif zstandard brotli xxhash bitarray blosc2 asyncpg hiredis httptools watchfiles tokenizers tiktoken cbor2 coverage tornado wrapt multidict frozenlist markupsafe pymupdf awkward-cpp boost-histogram'.split(
    ' ',
  );
const pythonVersion = '3.12';

/**
 * Makes an Alpine-like tree in `dir`, in place of what is there: musl's loader from Debian's package, wheels and Node packages for musl with the
 * libraries that they bring, and small programs that use each way of finding a library. Needs apt-get, npm, pip, musl-gcc.
 */
export function makeMuslTree(dir: string): void {
  const scratch = mkdtempSync(join(tmpdir(), 'osless-musl-'));
  rmSync(dir, { recursive: true, force: true });
  try {
    mkdirSync(join(dir, 'usr/lib'), { recursive: true });
    addLoader(dir, scratch);
    addNodePackages(join(dir, 'srv/node'));
    addWheels(join(dir, `usr/lib/python${pythonVersion}/site-packages`), scratch);
    addOwnPrograms(join(dir, 'opt/own'));
    writeFileSync(join(dir, 'etc/ld-musl-x86_64.path'), '/lib\n/usr/local/lib:/usr/lib\n:/opt/own/listed\n');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function addLoader(dir: string, scratch: string): void {
  run('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', 'musl'], scratch);
  const [archive = ''] = readdirSync(scratch).filter((name) => name.endsWith('.deb'));
  run('dpkg-deb', ['-x', archive, 'musl'], scratch);
  mkdirSync(join(dir, 'lib'));
  mkdirSync(join(dir, 'etc'));
  cpSync(join(scratch, 'musl/lib/x86_64-linux-musl/libc.so'), join(dir, 'lib/ld-musl-x86_64.so.1'));
  symlinkSync('ld-musl-x86_64.so.1', join(dir, 'lib/libc.musl-x86_64.so.1'));
}

function addNodePackages(dir: string): void {
  mkdirSync(dir, { recursive: true });
  const options = ['--libc=musl', '--os=linux', '--cpu=x64', '--no-save', '--force', '--ignore-scripts', '--no-audit'];
  run('npm', ['install', '--prefix', dir, ...options, ...npmPackages], dir);
}

function addWheels(dir: string, scratch: string): void {
  mkdirSync(dir, { recursive: true });
  const platforms = ['musllinux_1_2_x86_64', 'musllinux_1_1_x86_64'].flatMap((name) => ['--platform', name]);
  const options = ['--only-binary=:all:', '--no-deps', '--python-version', pythonVersion, ...platforms];
  for (const name of pythonPackages) {
    try {
      run('python3', ['-m', 'pip', 'download', '-q', '-d', 'wheels', ...options, name], scratch);
    } catch {
      console.log(`${name} has no wheel for musl`);
    }
  }
  for (const wheel of readdirSync(join(scratch, 'wheels'))) {
    run('python3', ['-m', 'zipfile', '-e', join(scratch, 'wheels', wheel), dir], scratch);
  }
}

interface Made {
  readonly path: string;
  readonly needs?: readonly string[];
  readonly options?: readonly string[];
}

const rpath = (text: string): string => `-Wl,--disable-new-dtags,-rpath,${text}`;
const runpath = (text: string): string => `-Wl,--enable-new-dtags,-rpath,${text}`;

/** A library is made before what needs it. */
const libraries: readonly Made[] = [
  { path: 'listed/liblisted.so' },
  { path: 'deep/libdeep.so' },
  { path: 'near/libnear.so', needs: ['deep/libdeep.so'] },
  { path: 'origin/sub/libsub.so' },
  { path: 'origin/libtop.so', needs: ['origin/sub/libsub.so'], options: [runpath('$ORIGIN/sub')] },
  { path: 'odd/libodd.so', needs: ['deep/libdeep.so'], options: [runpath('$LIB:/opt/own/deep')] },
];
const programs: readonly Made[] = [
  { path: 'bin/listed', needs: ['listed/liblisted.so'] },
  { path: 'bin/inherits-rpath', needs: ['near/libnear.so'], options: [rpath('/opt/own/near:/opt/own/deep')] },
  { path: 'bin/inherits-runpath', needs: ['near/libnear.so'], options: [runpath('/opt/own/near:/opt/own/deep')] },
  { path: 'bin/origin', needs: ['origin/libtop.so'], options: [runpath('$ORIGIN/../origin')] },
  { path: 'bin/unknown-token', needs: ['odd/libodd.so'], options: [runpath('/opt/own/odd')] },
  { path: 'bin/empty-elements', needs: ['deep/libdeep.so'], options: [runpath('::/opt/own/deep:')] },
  { path: 'bin/lacks-all', needs: ['near/libnear.so', 'origin/libtop.so'] },
];

function addOwnPrograms(dir: string): void {
  const compile = (kind: readonly string[], { path, needs = [], options = [] }: Made): void => {
    mkdirSync(join(dir, path, '..'), { recursive: true });
    const inputs = ['-x', 'c', 'empty.c', '-x', 'none', ...needs];
    const link = ['-Wl,--no-as-needed', '-Wl,--allow-shlib-undefined', '-Wl,--unresolved-symbols=ignore-all'];
    const soname = path.endsWith('.so') ? [`-Wl,-soname,${path.slice(path.lastIndexOf('/') + 1)}`] : [];
    run('musl-gcc', [...kind, ...inputs, ...link, ...soname, ...options, '-o', path], dir);
  };
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'empty.c'), 'int main(void) { return 0; }\n');
  for (const library of libraries) compile(['-shared', '-fPIC'], library);
  for (const program of programs) compile(['-fPIE', '-pie'], program);
  symlinkSync('../bin/origin', join(dir, 'listed/linked'));
}

function run(command: string, args: readonly string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}
