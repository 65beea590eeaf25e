// What a test can say. It throws if it is not so.

export function equal(actual, expected, what) {
  if (!Object.is(actual, expected)) throw new Error(`${what}: ${show(actual)} is not ${show(expected)}`);
}

/** That `work` is refused as a LlaveroError with this code; returns the error. */
export function refused(LlaveroError, code, work, what = code) {
  let error;
  try {
    work();
  } catch (thrown) {
    error = thrown;
  }
  if (error === undefined) throw new Error(`${what}: accepted`);
  if (!(error instanceof LlaveroError)) throw new Error(`${what}: not a LlaveroError`, { cause: error });
  equal(error.code, code, what);
  equal(error.name, 'LlaveroError', what);
  if (typeof error.message !== 'string' || error.message === '') throw new Error(`${what}: says nothing`);
  return error;
}

/** JSON with the members in one order, whatever order they came in. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  return `{${names.sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}

/** A verdict written down, with dates and big integers marked. */
export function shape(value) {
  return canonical(marked(value));
}

function marked(value) {
  if (typeof value === 'bigint') return { $big: `${value}` };
  if (value instanceof Date) return { $date: value.getTime() / 1000 };
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, marked(member)]));
}

function show(value) {
  return typeof value === 'string' ? `"${value}"` : String(value);
}
