/** True if a name matches a pattern, in which `*` matches any characters. */
export function matches(pattern: string, name: string): boolean {
  const [prefix = '', ...parts] = pattern.split('*');
  if (parts.length === 0) return name === pattern;
  const suffix = parts.pop() ?? '';
  if (!name.startsWith(prefix)) return false;
  let at = prefix.length;
  for (const part of parts) {
    const index = name.indexOf(part, at);
    if (index === -1) return false;
    at = index + part.length;
  }
  return name.length - at >= suffix.length && name.endsWith(suffix);
}
