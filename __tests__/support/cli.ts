import { execFile } from 'node:child_process';

export interface CliResult {
  code: number;
  out: string;
  err: string;
}

/** Runs the built command line in a folder that contains `dist/`, with only this environment. */
export function runCli(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd = '.',
): Promise<CliResult> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      ['dist/cli.js', ...args],
      { cwd, env: { PATH: process.env.PATH ?? '', ...env }, maxBuffer: 1e8 },
      (error, out, err) => done({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}
