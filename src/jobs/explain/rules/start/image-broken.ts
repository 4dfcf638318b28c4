import { causeRule } from './cause.ts';

export const imageBroken = causeRule({
  code: 'image-broken',
  title: 'The layers of the image cannot be unpacked.',
  sees: [
    'docker: Error processing tar file(exit status 1): unexpected EOF',
    'docker: invalid tar header',
    'docker: failed to register layer: link /… no such file or directory',
    'podman: Error: … Digest did not match',
    'umoci: unpack: apply layer: …',
  ],
  why: 'A blob is missing or has another content than its digest says, its compression or its tar is damaged, or an entry (a hard link to a file that is not there, a file below a file) cannot be put into any file system.',
  fix: 'Fetch the image again, or build it again; the layer is named in the finding.',
  dockerfile: 'docker build --pull --no-cache -t app .',
});
