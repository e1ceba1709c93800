// Counts what .ci/run has run: prints `N passed, N failed`, and ends with 1 if anything failed. Runs on Node 18.
// node count-tests.mjs <vitest's JSON report> <exit code of check> <exit code of test>
import { readFileSync } from 'node:fs';

const [file = '', check, tests] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
// Empty when vitest never came to write it: the set-up failed.
const files = text === '' ? [] : JSON.parse(text).testResults;
const count = (results, status) => results.filter((result) => result.status === status).length;
const results = files.flatMap((each) => each.assertionResults);

const passed = count(results, 'passed');
let failed = count(results, 'failed');
// A file that could not be loaded, or whose hook failed, has no failed test to show.
failed += files.filter((each) => each.status === 'failed' && count(each.assertionResults, 'failed') === 0).length;
// An error outside of all tests, or none of them ran.
if ((tests !== '0' || passed === 0) && failed === 0) failed += 1;
if (check !== '0') failed += 1;

process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
