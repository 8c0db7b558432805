/** A report as JSON. Each entry of a list is one line: indented, the file would be half as large again. */
export const reportText = (report: object): string => [...reportParts(report)].join('');

/** The same in parts, because the text of a large report takes as much memory as the report. */
export function* reportParts(report: object): Generator<string> {
  yield* written(report, '');
  yield '\n';
}

function* written(value: unknown, indent: string, name = ''): Generator<string> {
  const isList = Array.isArray(value);
  if (!isList && (typeof value !== 'object' || value === null)) return yield JSON.stringify(value);
  const inner = `${indent}  `;
  const entries: [string, unknown][] = isList
    ? value.map((entry) => ['', entry])
    : Object.entries(value as object).filter(([, field]) => field !== undefined);
  yield isList ? '[' : '{';
  for (const [i, [key, field]] of entries.entries()) {
    yield `${i === 0 ? '' : ','}\n${inner}${isList ? '' : `${JSON.stringify(key)}: `}`;
    if (isList && name !== 'units') yield JSON.stringify(field);
    else yield* written(field, inner, key);
  }
  if (entries.length > 0) yield `\n${indent}`;
  yield isList ? ']' : '}';
}
