import { platformOf } from '../../../../formats/elf/index.ts';
import { formatPlatform } from '../../../../formats/oci/index.ts';
import type { Rule } from '../../rule.ts';

/** Of kernels of the first that run programs of the second. */
const beside: Readonly<Record<string, readonly string[]>> = { amd64: ['386'], arm64: ['arm'] };

export const platformMismatch: Rule = {
  code: 'platform-mismatch',
  severity: 'degrades',
  title: 'The image says that it is for another machine than its program is.',
  sees: [
    'docker: WARNING: The requested image’s platform (linux/arm64) does not match the detected host platform (linux/amd64/v3) and no specific platform was requested',
    'container: exec /app: exec format error, on the machines for which the image says it is',
  ],
  why: 'The architecture in the image’s configuration is what the builder wrote there; nothing compares it with the files. Registries and orchestrators choose by it, and send the image to machines that cannot run it.',
  fix: 'Build for the platform, or write the one that the program is for.',
  dockerfile: 'FROM --platform=$TARGETPLATFORM debian:12-slim',
  judge({ programs, platform }) {
    for (const { path, elf } of programs) {
      const own = platformOf(elf)?.architecture;
      if (own === undefined || own === platform.architecture) continue;
      if (beside[platform.architecture]?.includes(own) === true) continue;
      return [
        {
          says: `the image says that it is for ${formatPlatform(platform)}, and ${path} is for ${own}`,
          advice: `Build the image with --platform linux/${own}, or the program for ${platform.architecture}.`,
          about: { path, program: own, image: platform.architecture },
        },
      ];
    }
    return [];
  },
};
