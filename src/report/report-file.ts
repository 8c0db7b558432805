/** A report as JSON. Each entry of a list is one line: indented, the file would be half as large again. */
export const reportText = (report: object): string => `${written(report, '')}\n`;

function written(value: unknown, indent: string, name = ''): string {
  const inner = `${indent}  `;
  const enclosed = (lines: readonly string[], [open, close]: readonly [string, string]) =>
    lines.length === 0
      ? `${open}${close}`
      : `${open}\n${inner}${lines.join(`,\n${inner}`)}\n${indent}${close}`;
  if (Array.isArray(value)) {
    return enclosed(
      value.map((entry) => (name === 'units' ? written(entry, inner) : JSON.stringify(entry))),
      ['[', ']'],
    );
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return enclosed(
    fields.map(([key, field]) => `${JSON.stringify(key)}: ${written(field, inner, key)}`),
    ['{', '}'],
  );
}
