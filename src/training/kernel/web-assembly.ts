/** The part of the WebAssembly API in use: the compiler's library without a DOM does not declare it. */
export type SharedMemory = {readonly buffer: SharedArrayBuffer};
export type KernelModule = {readonly kernelModule?: never};

type Api = {
  compile(bytes: Uint8Array): Promise<KernelModule>;
  readonly Memory: new (pages: {initial: number; maximum: number; shared: true}) => SharedMemory;
  readonly Instance: new (module: KernelModule, imports: {env: {memory: SharedMemory}}) => {readonly exports: unknown};
};

export const wasm = (globalThis as unknown as {WebAssembly: Api}).WebAssembly;
