import fc from 'fast-check';

/** A mutant is dead at its first counter-example; the smallest one is of no use. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
