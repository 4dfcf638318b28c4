import { causeRule } from './cause.ts';

export const wrongArchitecture = causeRule({
  code: 'wrong-architecture',
  title: "The program is for another processor than the machine's.",
  sees: [
    'container: exec /app: exec format error',
    'sh: /app: Exec format error',
    'busybox sh: /app: line 1: syntax error: unexpected word',
    'tini: exec /app failed: No such file or directory',
  ],
  why: "The ELF header names another machine than the one that is to run it. The kernel looks at the file only, not at the platform of the image. An image built on an arm64 laptop for an amd64 server, or a COPY of a host's binary, are the usual reasons.",
  fix: 'Build for the platform that will run it.',
  dockerfile:
    'FROM --platform=$BUILDPLATFORM golang AS build\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build -o /app .',
  advise: (_, { platform }) =>
    `Build it for ${platform.architecture}: docker buildx build --platform ${platform.os}/${platform.architecture} …`,
});
