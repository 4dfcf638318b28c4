import { causeRule } from './cause.ts';

export const osMismatch = causeRule({
  code: 'os-mismatch',
  title: 'The image is made for another operating system.',
  sees: [
    'docker: Error response from daemon: image operating system "windows" cannot be used on this platform: operating system is not supported',
    'docker: no matching manifest for linux/amd64 in the manifest list entries',
  ],
  why: 'The `os` of the image config is not linux. A Linux engine refuses such an image before it looks at its files.',
  fix: 'Choose the linux entry of the image with --platform, or build it from a Linux base.',
  dockerfile: 'FROM --platform=linux/amd64 debian:12-slim',
});
