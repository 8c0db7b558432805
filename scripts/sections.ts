import { readFileSync, writeFileSync } from 'node:fs';

/** Replaces what a page has between `<!-- name -->` and `<!-- /name -->`. A page without these markers stays as it is. */
export function withSection(page: string, name: string, text: string): string {
  return page.replace(
    new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(?=<!-- /${name} -->)`),
    (_, marker: string) => `${marker}\n${text}\n\n`,
  );
}

/** Writes a section of a page, which must have the markers for it. */
export function writeSection(file: string, name: string, text: string): void {
  const page = readFileSync(file, 'utf8');
  if (!page.includes(`<!-- ${name} -->\n`) || !page.includes(`<!-- /${name} -->`))
    throw new Error(`${file} has no section between <!-- ${name} --> and <!-- /${name} -->.`);
  writeFileSync(file, withSection(page, name, text));
}
