/** Paths that stay inside of a folder: relative ones that do not go up. */

/** As a regular expression for a JSON Schema, too. */
export const PATH_INSIDE = '^(?![\\\\/]|[A-Za-z]:)(?!(?:.*[\\\\/])?\\.\\.(?:[\\\\/]|$)).+$';

/** Whether a path stays inside of the folder that it starts in. */
export const isInside = (path: string): boolean => new RegExp(PATH_INSIDE).test(path);
