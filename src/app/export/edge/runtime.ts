// What every exported module carries: bundled by tools/build-edge.mjs, without anything of Node.
export {requestHandler} from './answer-request.ts';
export {openModel} from './open-model.ts';
