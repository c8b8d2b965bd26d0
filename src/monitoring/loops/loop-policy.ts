/** Watches whether a model that recommends feeds on itself. */
export type LoopPolicy = {
  /** Field of the request that names what is shown, such as `itemId`. */
  readonly item: string;
};
