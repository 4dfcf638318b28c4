// Prints the path of the other Node that everything must work with: 24 when this is an older one, else 20.19.
// It comes from the npm package of that binary and is kept in build/.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const versions = { 20: '20.19.6', 24: '24.21.0' };
const version = Number(process.versions.node.split('.')[0]) >= 24 ? versions[20] : versions[24];
const name = `node-linux-${process.arch}`;
const prefix = join('build', `node-${version}`);
const binary = join(process.cwd(), prefix, 'node_modules', name, 'bin', 'node');
if (!existsSync(binary)) {
  console.error(`installing ${name}@${version} into ${prefix}/`);
  const flags = ['--no-save', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'];
  execFileSync('npm', ['install', ...flags, '--prefix', prefix, `${name}@${version}`], {
    stdio: ['ignore', process.stderr, process.stderr],
  });
}
console.log(binary);
