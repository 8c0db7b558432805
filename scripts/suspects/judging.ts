/** A person's judgment of a finding. */

export interface Judgment {
  is: 'true' | 'arguable' | 'false';
  why: string;
  /** Its position in the expert's list, if an expert made the same finding. */
  expert?: number;
}

export interface Judged {
  /** By rule and place, such as `install-without-cache @ build / Run npm ci`. */
  findings: Record<string, Judgment>;
  /** What an expert would name and the guard does not, if there is no expert's list. */
  missed: { where: string; why: string }[];
}

export const real = (why: string): Judgment => ({ is: 'true', why });
export const arguable = (why: string): Judgment => ({ is: 'arguable', why });
export const wrong = (why: string): Judgment => ({ is: 'false', why });
/** The expert's list has it, at this position. */
export const made = (expert: number, why = ''): Judgment => ({ is: 'true', why, expert });
