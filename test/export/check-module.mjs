// Runs in a process of its own, in a folder with nothing but an exported module and the cases: counts what differs.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const module = await import('./index.js');
const {cases, explained, vectors} = JSON.parse(readFileSync('cases.json', 'utf8'));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const differing = cases.filter(({input, ...want}) => {
  const {prediction, level, outside, abstained} = module.answer(input);
  return !same({prediction, level, outside, abstained}, want) || module.predict(input) !== want.prediction;
});
const wrongVectors = vectors.filter(({input, vector}) => !same([...module.vectorOf(input)], vector));
const wrongExplained = explained.filter(
  ({input, base, contributions}) => !same(module.explain(input), {base, contributions}),
);
const required = createRequire(import.meta.url)('./index.js');
console.log(
  JSON.stringify({
    compared: cases.length,
    differing: differing.slice(0, 3),
    vectors: vectors.length - wrongVectors.length,
    explained: explained.length - wrongExplained.length,
    required: required.predict === module.predict,
  }),
);
