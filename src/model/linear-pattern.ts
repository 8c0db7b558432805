import { RE2JS, RE2JSException } from 're2js';
import { GuardError, oneLine } from './guard-error.ts';

/**
 * Patterns from settings, matched in linear time. Outsiders choose the texts, such as the name of a file in a pull request,
 * and with a backtracking matcher one text can hold up a run for hours. RE2 never backtracks.
 */

/** How to read a glob: as GitHub reads the `paths` of a workflow, or as a service's `paths`, where `?` is any character. */
export type GlobSyntax = 'workflow' | 'service';

const TOKEN = /\*\*\/|\/\*\*$|\*\*|\*|\?|\+|\[[!^]?[^\]]+\]|[{},]|\\?[\s\S]/g;

/**
 * A test for file names. `*` matches within a folder, `**` across folders, `[ab]` one of some characters. For a service, `?`
 * matches a character, and `{a,b}` one of some parts. In a workflow, `?` and `+` repeat the character before them.
 *
 * Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet.
 *
 * @throws {GuardError} if the pattern is not valid.
 */
export function globMatcher(pattern: string, syntax: GlobSyntax): (file: string) => boolean {
  const isWorkflow = syntax === 'workflow';
  let depth = 0;
  const source = (token: string): string => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '/**') return '(?:/.*)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return isWorkflow ? '?' : '[^/]';
    if (token === '+' && isWorkflow) return '+';
    if (token.length > 2 && token.startsWith('[')) return token.replace(/^\[!/, '[^');
    if (!isWorkflow && token === '{') return depth++ >= 0 ? '(?:' : '';
    if (!isWorkflow && token === '}' && depth > 0) return depth-- > 0 ? ')' : '';
    if (token === ',' && depth > 0) return '|';
    return RE2JS.quote(token.replace(/^\\(?=.)/, ''));
  };
  const regex = compile((pattern.match(TOKEN) ?? []).map(source).join(''), RE2JS.DOTALL);
  if (regex === null)
    throw new GuardError(
      `The pattern "${oneLine(pattern, 60)}" in "paths" is not valid. Check its brackets.`,
    );
  return (file) => regex.matches(file);
}

/**
 * A search for the first group of a pattern's first match, or for the entire match if the pattern has no group.
 *
 * @returns a function that returns `null` without a match.
 * @throws {GuardError} if RE2 does not support the pattern.
 */
export function groupFinder(pattern: string): (text: string) => string | null {
  const regex = compile(pattern, RE2JS.MULTILINE);
  if (regex === null)
    throw new GuardError(
      `The pattern "${oneLine(pattern, 60)}" is not supported. Write a regular expression in the syntax of RE2.`,
    );
  return (text) => {
    const matcher = regex.matcher(text);
    if (!matcher.find()) return null;
    return matcher.groupCount() > 0 ? (matcher.group(1) ?? matcher.group(0)) : matcher.group(0);
  };
}

/** `null` for a pattern that RE2 does not support, such as one that looks ahead. */
function compile(source: string, flags: number): RE2JS | null {
  try {
    return RE2JS.compile(source, flags);
  } catch (error) {
    if (error instanceof RE2JSException) return null;
    throw error;
  }
}
