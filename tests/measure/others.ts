/**
 * Do other tools read what we write, do we read what they write, and are unpacked trees the same?
 * `npm run measure -- others [--keep-going]`: after `npm run build`; as root, with skopeo, umoci, podman, buildah,
 * docker and getfattr where they are installed. Everything is kept in one temporary folder; a docker daemon of its
 * own is started on a socket there and ended.
 */
import { resolve } from 'node:path';
import { Lab } from './others/lab.ts';
import { othersReadOurs } from './others/reading.ts';
import { writeDoubledImage, writeRichImage, writeSparseImage, writeStrangeImage } from './others/samples.ts';
import { findTools } from './others/tools.ts';
import { sameTrees } from './others/unpacking.ts';
import { weReadTheirs } from './others/writing.ts';

const lab = new Lab();
let holds = false;
try {
  const tools = await findTools(lab, resolve(process.env['OSLESS_CLI'] ?? 'dist/cli/main.js'));
  console.log(`tools: ${[...tools.there].join(', ')}\n`);
  const rich = await writeRichImage(lab.path('rich'));
  await writeSparseImage(lab.path('sparse'));
  await writeStrangeImage(lab.path('strange'));
  await writeDoubledImage(lab.path('doubled'));
  await othersReadOurs(lab, tools, rich);
  await weReadTheirs(lab, tools, rich);
  await sameTrees(lab, tools);
} finally {
  holds = lab.end();
}
process.exitCode = holds ? 0 : 1;
