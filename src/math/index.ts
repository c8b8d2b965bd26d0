export {hash53, hashUnit, murmur3} from './hash.ts';
export {ascendingOrder} from './order.ts';
export {normal, type Random, seededRandom} from './random.ts';
export {sampleIndices, shuffle} from './sampling.ts';
