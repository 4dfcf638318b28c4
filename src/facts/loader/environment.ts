/** The value of a variable in `NAME=value` entries: the last one, as loaders read them to the end; '' for none. */
export const variable = (env: readonly string[], name: string): string =>
  env.findLast((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
