/** Relative paths that do not leave their folder. A regular expression, so that a JSON Schema can use it, too. */
export const PATH_INSIDE = '^(?![\\\\/]|[A-Za-z]:)(?!(?:.*[\\\\/])?\\.\\.(?:[\\\\/]|$)).+$';
