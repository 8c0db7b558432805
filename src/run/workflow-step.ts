import type { Annotation } from '../report/annotations.ts';
import type { Outputs } from '../report/outputs.ts';

/** What a step of a workflow can write. */
export interface Step {
  info(line: string): void;
  annotate(annotation: Annotation): void;
  output(name: keyof Outputs, value: string): void;
  summary(markdown: string): Promise<void>;
  /** Bytes of the summary that other programs of the step wrote before. */
  summaryBytes?(): number;
  /** Creates an empty folder for the step's files. */
  folder(): string;
  /** Ends the process if its code still holds it some time after this many seconds. */
  watch?(seconds: number): void;
}
