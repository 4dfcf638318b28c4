/** A result as JSON: what is not known is null, so that every field that a schema names is there. */
export const formatJson = (value: unknown): string => JSON.stringify(value, (_name, part: unknown) => part ?? null, 2);
