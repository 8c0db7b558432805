/**
 * Jest resolves `date-fns` to this file (`jest.config.js`). The index of the package loads three hundred modules, and Jest
 * would load them again for each test file. Add the functions you need.
 */
export { addSeconds } from 'date-fns/addSeconds';
export { differenceInSeconds } from 'date-fns/differenceInSeconds';
export { isValid } from 'date-fns/isValid';
export { max } from 'date-fns/max';
export { min } from 'date-fns/min';
export { parseISO } from 'date-fns/parseISO';
export { subSeconds } from 'date-fns/subSeconds';
