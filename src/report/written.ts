/** A report as a file has it: an entry of a list is a line, as it would take half as much again if it were indented. */
export const reportText = (report: object): string => `${written(report, '')}\n`;

function written(value: unknown, indent: string, name = ''): string {
  const inner = `${indent}  `;
  const within = (lines: readonly string[], [open, close]: readonly [string, string]) =>
    lines.length === 0
      ? `${open}${close}`
      : `${open}\n${inner}${lines.join(`,\n${inner}`)}\n${indent}${close}`;
  if (Array.isArray(value)) {
    const isOfReports = name === 'units';
    return within(
      value.map((each) => (isOfReports ? written(each, inner) : JSON.stringify(each))),
      ['[', ']'],
    );
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  return within(
    fields.map(([key, each]) => `${JSON.stringify(key)}: ${written(each, inner, key)}`),
    ['{', '}'],
  );
}
