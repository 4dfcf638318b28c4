import type { Found, Rule } from '../../rule.ts';

/** MAX_ARG_STRLEN of the kernel: 32 pages for one text with its NUL. */
const longest = 131_072;
/** Of all texts together: a quarter of the usual stack limit of 8 MiB. */
const mostTogether = 2_097_152;

export const envTooLarge: Rule = {
  code: 'env-too-large',
  severity: 'degrades',
  title: 'The environment or an argument is larger than the kernel takes.',
  sees: ['container: exec /app: argument list too long'],
  why: 'execve(2) takes no text of more than 128 KiB, and no more than a quarter of the stack limit for all of them together.',
  fix: 'Put large values into a file and let the program read it.',
  dockerfile: 'COPY settings.json /etc/app/settings.json',
  judge({ config, verdict }) {
    const found: Found[] = [];
    let together = 0;
    for (const text of [...config.env, ...verdict.argv]) {
      const sizeBytes = Buffer.byteLength(text) + 1;
      together += sizeBytes;
      if (sizeBytes <= longest) continue;
      const name = config.env.includes(text)
        ? `the variable ${text.slice(0, Math.min(text.indexOf('='), 80))}`
        : 'an argument';
      found.push({ says: `${name} has ${sizeBytes} bytes, and the kernel takes ${longest}`, about: { sizeBytes } });
    }
    if (found.length > 0 || together <= mostTogether) return found;
    return [
      {
        says: `environment and arguments have ${together} bytes together, and the kernel takes ${mostTogether}`,
        about: { sizeBytes: together },
      },
    ];
  },
};
