import fc from 'fast-check';

/** One counter-example kills a mutant, so the smallest one is not needed. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
