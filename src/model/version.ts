/** This version: as package.json has it, which a test holds it to. */
export const VERSION = '0.1.0';

/** Of the JSON report. */
export const SCHEMA_VERSION = 1;
