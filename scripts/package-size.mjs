// Prints what the image of a Debian package weighs, in bytes: the package with everything it depends on,
// on the packages that every Debian has. By dpkg's Installed-Size of what is installed on this machine.
// usage: node scripts/package-size.mjs PACKAGE
import { execFileSync } from 'node:child_process';

const fields = ['Package', 'Installed-Size', 'Essential', 'Priority', 'Provides', 'Pre-Depends', 'Depends'];
const format = `${fields.map((field) => `\${${field}}`).join('\t')}\n`;
const text = execFileSync('dpkg-query', ['-W', `-f=${format}`], { encoding: 'utf8', maxBuffer: 1 << 26 });
const nameOf = (relation) => relation.trim().split(/[\s:(]/)[0];

const packages = new Map();
const providers = new Map();
for (const line of text.split('\n').filter(Boolean)) {
  const [name, kibibytes, essential, priority, provides, ...depends] = line.split('\t');
  const needs = depends
    .join(',')
    .split(',')
    .map((group) => group.split('|').map(nameOf));
  packages.set(name, {
    sizeBytes: Number(kibibytes) * 1024,
    base: essential === 'yes' || priority === 'required',
    needs,
  });
  for (const virtual of provides.split(',').map(nameOf)) providers.set(virtual, name);
}

const wanted = process.argv[2];
if (!packages.has(wanted)) {
  console.error(`the package ${wanted} is not installed`);
  process.exit(1);
}
const taken = new Set();
const waiting = [wanted, 'apt', ...[...packages].filter(([, { base }]) => base).map(([name]) => name)];
for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
  const real = packages.has(name) ? name : providers.get(name);
  if (real === undefined || taken.has(real)) continue;
  taken.add(real);
  for (const group of packages.get(real).needs) {
    const choice = group.find((one) => packages.has(one) || providers.has(one));
    if (choice !== undefined) waiting.push(choice);
  }
}
console.log([...taken].reduce((sum, name) => sum + packages.get(name).sizeBytes, 0));
